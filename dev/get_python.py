"""Make the virtual environments: for Odoo, for the linters, for screenshots."""

import shutil
import subprocess
import sys
from pathlib import Path

import clone
import console
import debian

SUPPORTED = [(3, minor) for minor in (10, 11, 12, 13)]  # by Odoo 19.0
HERE = Path(__file__).resolve().parent
ODOO_REQUIREMENTS = HERE / "requirements.txt"
TEST_REQUIREMENTS = HERE / "requirements-test.txt"
LINT_REQUIREMENTS = HERE / "requirements-lint.txt"
SCREENSHOT_REQUIREMENTS = HERE / "requirements-screenshots.txt"


def for_odoo(odoo):
    """Return the Python that runs Odoo and our tests.

    Over a developer's own Odoo it is an environment that sees that Odoo's packages
    and adds what the tests need; nothing is installed into the developer's own.

    :param Odoo odoo: what `get_odoo.get` found
    :rtype: Path
    """
    if odoo.interpreter is None:
        files = [ODOO_REQUIREMENTS, TEST_REQUIREMENTS]
        return _environment("venv", _supported_python(), files)
    seen = _site_folders(odoo.interpreter)
    return _environment("venv-own", odoo.interpreter, [TEST_REQUIREMENTS], seen)


def for_lint():
    """Return the Python that runs the linters."""
    return _environment("venv-lint", sys.executable, [LINT_REQUIREMENTS])


def for_screenshots():
    """Return the Python that drives the browser."""
    return _environment("venv-screenshots", sys.executable, [SCREENSHOT_REQUIREMENTS])


def _environment(name, interpreter, requirements, seen=()):
    """Return the Python of an environment, which is built when it is not up to date.

    :param str name: its folder in the clone's state
    :param interpreter: the Python to build it with
    :param list requirements: files of requirements
    :param seen: folders of packages that it shall see besides its own
    :rtype: Path
    """
    folder = clone.STATE / name
    python = folder / "bin/python"
    marker = folder / "key"
    key = clone.fingerprint(
        str(interpreter), _version(interpreter), *requirements, *seen
    )
    if marker.exists() and marker.read_text() == key and _runs(python):
        return python
    shutil.rmtree(folder, ignore_errors=True)
    log = clone.LOGS / f"{name}.log"
    _create(interpreter, folder, log)
    if seen:
        (site,) = folder.glob("lib/python*/site-packages")
        lines = [f"import site; site.addsitedir({str(path)!r})" for path in seen]
        (site / "seen.pth").write_text("\n".join(lines) + "\n")
    words = [word for file in requirements for word in ("-r", file)]
    console.step(
        f"Installing Python packages into .dev/{name}",
        [python, "-m", "pip", "install", *words],
        log,
        lambda: _packages(folder),
    )
    marker.write_text(key)
    return python


def _create(interpreter, folder, log):
    """Create an environment with pip, even where Debian keeps `ensurepip` apart."""
    bare = not _runs(interpreter, "import ensurepip")
    words = [interpreter, "-m", "venv", folder]
    if not bare:
        console.step(f"Creating .dev/{folder.name}", words, log)
        return
    console.step(f"Creating .dev/{folder.name}", [*words, "--without-pip"], log)
    source = debian.Debian(clone.STATE / "apt", log)
    source.update()
    debs, unpacked = folder / "debs", folder / "pip"
    package = f"python3-pip-whl/{source.codename}"
    source.download("Downloading pip", [package], debs)
    source.unpack("Unpacking pip", debs, unpacked)
    (wheel,) = unpacked.glob("usr/share/python-wheels/pip-*.whl")
    python = folder / "bin/python"
    console.step("Installing pip", [python, f"{wheel}/pip", "install", wheel], log)
    for left in (debs, unpacked, source.folder):
        shutil.rmtree(left)


def _supported_python():
    """Return a Python that Odoo supports: the running one if possible."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for major, minor in reversed(SUPPORTED):
        found = shutil.which(f"python{major}.{minor}")
        if found and _runs(found):
            return found
    raise console.Failure(
        "Odoo 19.0 runs on Python 3.10 to 3.13, and none was found: install one, "
        "for instance Debian's python3."
    )


def _site_folders(interpreter):
    """Return the folders of packages that an interpreter sees."""
    script = "import sys; print('\\n'.join(p for p in sys.path if 'packages' in p))"
    return subprocess.check_output(
        [interpreter, "-c", script], text=True, cwd="/"
    ).split("\n")[:-1]


def _version(interpreter):
    return subprocess.check_output([interpreter, "--version"], text=True).strip()


def _runs(interpreter, code="pass"):
    words = [interpreter, "-c", code]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _packages(folder):
    found = len(list(folder.glob("lib/python*/site-packages/*.dist-info")))
    return f"{found} packages" if found > 1 else None
