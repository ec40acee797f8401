"""`make screenshots`: pictures of the demo, for the documentation."""

import subprocess
from pathlib import Path

import clone
import console
import demo
import get_browser
import get_python
import odoo_cli
import setup

SERVER = "screenshots"  # the record of its process
SCRIPT = Path(__file__).with_name("take_screenshots.py")
FOLDER = clone.ROOT / "static/description/screenshots"


def main():
    """Fill the demo database, start Odoo on it and take the pictures."""
    environment = setup.ensure()
    browser = get_browser.ensure()
    if not browser:
        return 1
    with clone.locked("setup"):
        python = get_python.for_screenshots()
    with clone.locked("demo"), demo.simulated_lengow(environment) as simulator:
        name, _summary = demo.import_orders(environment, simulator)
        with odoo_cli.server(environment, name, SERVER, "--max-cron-threads=0") as odoo:
            subprocess.check_call([python, SCRIPT, browser, odoo[1], FOLDER])
    return 0


if __name__ == "__main__":
    console.run(main)
