"""Workers that are processes of their own, and can be killed."""

import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

from odoo.tests import get_db_name
from odoo.tools import config

# Seconds after which a test that waits has failed.
PATIENCE = 60


def start_worker(case, folder, script):
    """Start an Odoo of its own that runs a script.

    :param case: the test; it kills the worker at its end.
    :param Path folder: where it may keep files.
    :param str script: what it does in Odoo's shell.
    :return: the process.
    """
    options = ConfigParser(interpolation=None)
    names = ("db_host", "db_port", "db_user", "db_password", "data_dir")
    options["options"] = {
        **{name: str(config[name]) for name in names if config[name]},
        "addons_path": ",".join(config["addons_path"]),
    }
    path = Path(folder, "odoo.conf")
    with path.open("w") as file:
        options.write(file)
    source = Path(folder, "script.py")
    source.write_text(script)
    with source.open() as stdin:
        worker = subprocess.Popen(
            [
                sys.executable,
                *("-m", "odoo", "shell", "--no-http"),
                *("-c", str(path), "-d", get_db_name(), "--log-level=error"),
            ],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
        )
    case.addCleanup(worker.wait, PATIENCE)
    case.addCleanup(worker.kill)
    return worker


def wait_for(case, condition, what):
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        case.assertLess(time.monotonic(), deadline, f"waiting for {what}")
        time.sleep(0.1)
