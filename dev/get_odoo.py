"""Get Odoo 19.0: the developer's own, or Debian's package unpacked in the clone.

Odoo is not on PyPI. Debian's unstable suite has it as a package of plain Python
files, so it is unpacked, not installed: no root, nothing outside the clone.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import clone
import console
import debian

SERIES = "19.0"
PREFIX = clone.STATE / "odoo"
LIBRARY = PREFIX / "usr/lib/python3/dist-packages"
PACKAGES = [
    "odoo-19",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
# Odoo's icons are of version 4, which newer Debian suites no longer have.
OWN_SUITE_PACKAGES = ["fonts-font-awesome"]
# Left out of Debian's free build; browser tests fail when it answers 404.
MISSING_FILES = ["mail/static/lib/selfie_segmentation/selfie_segmentation.js"]


class Odoo:
    """Where Odoo is found, and what it needs.

    :param Path interpreter: the Python that runs it, None for one of our choice
    :param Path library: the folder to import `odoo` from, None when it is installed
    :param str build: tells this Odoo from another version or another installation
    """

    def __init__(self, interpreter, library, build):
        self.interpreter = interpreter
        self.library = library
        self.build = build


def get():
    """Return the Odoo to use, downloading it when there is none yet.

    :rtype: Odoo
    """
    if os.environ.get("ODOO_BIN"):
        return _given(Path(os.environ["ODOO_BIN"]).expanduser().absolute())
    marker = PREFIX / "build"
    if not marker.exists():
        _download()
    return Odoo(None, LIBRARY, marker.read_text())


def _given(program):
    """Return the developer's own Odoo, named by `ODOO_BIN`."""
    if not program.is_file():
        raise console.Failure(f"ODOO_BIN names no file: {program}")
    interpreter = os.environ.get("ODOO_PYTHON") or _shebang(program)
    library = program.parent if (program.parent / "odoo").is_dir() else None
    variables = dict(os.environ, PYTHONPATH=str(library or ""))
    found = subprocess.run(
        [interpreter, "-c", "import odoo.release as r; print(r.version, r.__file__)"],
        env=variables,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise console.Failure(
            f"{interpreter} cannot import the Odoo of {program}; name the Python that "
            f"runs it with ODOO_PYTHON.\n{found.stderr.strip()}"
        )
    if not found.stdout.startswith(SERIES):
        raise console.Failure(
            f"This addon is for Odoo {SERIES}, and {program} is "
            f"{found.stdout.split()[0]}."
        )
    return Odoo(Path(interpreter), library, found.stdout.strip())


def _shebang(program):
    """Return the interpreter that a script names in its first line."""
    with program.open(errors="replace") as lines:
        first = lines.readline()
    words = shlex.split(first[2:]) if first.startswith("#!") else ["python3"]
    if Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-")]
    interpreter = shutil.which(words[0])
    if not interpreter:
        raise console.Failure(
            f"{words[0]}, which runs {program}, was not found; set ODOO_PYTHON."
        )
    return interpreter


def _download():
    """Download and unpack Odoo; what was interrupted before is done again."""
    log = clone.LOGS / "odoo-download.log"
    debs = clone.STATE / "odoo.debs"
    building = clone.STATE / "odoo.new"
    for folder in (debs, building, PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
    source = debian.Debian(clone.STATE / "apt", log)
    source.update()
    own = [f"{package}/{source.codename}" for package in OWN_SUITE_PACKAGES]
    source.download(
        "Downloading Odoo 19.0",
        [*(f"{package}/{debian.UNSTABLE}" for package in PACKAGES), *own],
        debs,
    )
    source.unpack("Unpacking Odoo 19.0", debs, building)
    addons = building / LIBRARY.relative_to(PREFIX) / "odoo/addons"
    for name in MISSING_FILES:
        file = addons / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (odoo,) = debs.glob("odoo-19_*.deb")
    (building / "build").write_text(odoo.stem)
    building.rename(PREFIX)
    for folder in (debs, source.folder):
        shutil.rmtree(folder)
