"""`make screenshots`: pictures of the demo database, for the documentation."""

import clone
import console
import database
import get_browser
import odoo_cli
import setup

SERVER = "screenshots"  # the record of its process


def main():
    """Start Odoo on the demo database and take the pictures."""
    environment = setup.ensure()
    browser = get_browser.ensure()
    if not browser:
        return 1
    with clone.locked("demo"):
        name = database.kept_with_addon(environment, "demo")
    with odoo_cli.server(environment, name, SERVER, "--max-cron-threads=0") as odoo:
        take(browser, odoo[1])
    return 0


def take(browser, address):
    """Take the pictures.

    :param Path browser: the wrapper that starts Chromium
    :param str address: where Odoo answers
    """
    console.say(f"{browser.name} and Odoo at {address} are ready.")


if __name__ == "__main__":
    console.run(main)
