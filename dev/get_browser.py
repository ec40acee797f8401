"""Get Chromium for browser tests and screenshots.

The browser that Odoo's tests find is a wrapper of ours, which adds the options that
keep it quiet and let it run as root and in a container.
"""

import os
import shutil

import clone
import console

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Odoo looks for them in this order; both must lead to the wrapper.
WRAPPERS = ("google-chrome", "chromium")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def ensure():
    """Make the browser's wrapper, installing Chromium when we may.

    :return: the wrapper, None when there is no browser; that is said, not an error
    :rtype: Path | None
    """
    with clone.locked("setup"):
        browser = _find()
        if not browser and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
            browser = _find()
        for name in WRAPPERS:
            (clone.BIN / name).unlink(missing_ok=True)
        if not browser:
            console.say(
                "No browser was found, so browser tests are skipped: "
                "install the package chromium to run them."
            )
            return None
        for name in WRAPPERS:
            wrapper = clone.BIN / name
            wrapper.write_text(
                f'#!/bin/sh\nexec "{browser}" {" ".join(OPTIONS)} "$@"\n'
            )
            wrapper.chmod(0o755)
        return wrapper


def _find():
    """Return the first browser on the path, our wrappers aside."""
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if folder != str(clone.BIN))
    return next(filter(None, (shutil.which(name, path=path) for name in NAMES)), None)


def _install():
    """Install Chromium with apt; without it only the browser tests are lost."""
    log = clone.LOGS / "chromium.log"
    script = (
        "apt-get -q update;"
        " apt-get -q install -y --no-install-recommends chromium </dev/null"
    )
    try:
        console.step(
            "Installing Chromium",
            ["sh", "-c", script],
            log,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except console.Failure as failure:
        console.say(str(failure))
