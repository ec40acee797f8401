"""Packages of Debian, downloaded and unpacked without installing them.

A private apt state inside the clone, with the mirror and the keyring of the
machine's own apt settings: no root, and the machine's own lists stay as they are.
"""

import re
import shutil
from pathlib import Path

import console

SETTINGS = Path("/etc/apt")
OS_RELEASE = Path("/etc/os-release")
UNSTABLE = "sid"
ALIASES = {"stable", "testing", "unstable", UNSTABLE}
KEPT_FIELDS = ("URIs", "Signed-By", "Trusted")
MEGABYTE = 1024 * 1024
ADVICE = "set ODOO_BIN=/path/to/odoo-bin to use an Odoo 19.0 that you have"


class Debian:
    """A private apt in a folder of the clone.

    :param Path folder: where its lists and its cache lie
    :param Path log: where apt's output goes
    """

    def __init__(self, folder, log):
        self.folder = folder
        self.log = log
        for program in ("apt-get", "dpkg"):
            if not shutil.which(program):
                raise console.Failure(
                    f"Odoo 19.0 is taken from Debian, and {program} was not found: "
                    f"{ADVICE}."
                )
        self.codename = _codename()
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        entry = _own_entry(self.codename)
        kept = "".join(
            f"{name}: {entry[name]}\n" for name in KEPT_FIELDS if name in entry
        )
        (folder / "debian.sources").write_text(
            "\n".join(
                f"Types: deb\n{kept}Suites: {suite}\nComponents: main\n"
                for suite in {UNSTABLE, self.codename}
            )
        )

    def update(self):
        """Fetch the lists of packages."""
        console.step(
            "Fetching Debian's lists of packages", self._get("update"), self.log
        )

    def download(self, title, packages, target):
        """Download packages into a folder.

        :param list packages: names, each with its suite: `name/suite`
        """
        target.mkdir()

        def megabytes():
            size = sum(file.stat().st_size for file in target.glob("**/*.deb"))
            return f"{size // MEGABYTE} MB"

        console.step(
            title, self._get("download", *packages), self.log, megabytes, cwd=target
        )

    def unpack(self, title, debs, target):
        """Unpack all the packages of a folder into one prefix."""
        script = 'for deb in "$1"/*.deb; do dpkg -x "$deb" "$2" || exit 1; done'
        console.step(title, ["sh", "-c", script, "unpack", debs, target], self.log)

    def _get(self, *words):
        options = {
            "Dir::State": self.folder / "state",
            "Dir::State::lists": self.folder / "state/lists",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::SourceList": self.folder / "debian.sources",
            "Dir::Etc::SourceParts": "-",
            "Acquire::Languages": "none",
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
            "APT::Sandbox::User": "",
        }
        settings = [
            word
            for item in options.items()
            for word in ("-o", "=".join(map(str, item)))
        ]
        return ["apt-get", "-q", *settings, *words]


def _codename():
    """Return the code name of the machine's Debian.

    :raise Failure: on another system
    """
    text = OS_RELEASE.read_text() if OS_RELEASE.exists() else ""
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
    if release.get("ID") != "debian" or not release.get("VERSION_CODENAME"):
        raise console.Failure(
            f"Odoo 19.0 is taken from Debian, and this machine runs "
            f"{release.get('PRETTY_NAME', 'another system')}: {ADVICE}."
        )
    return release["VERSION_CODENAME"]


def _own_entry(codename):
    """Return the machine's own source of Debian, as deb822 fields.

    :raise Failure: when its apt settings name none
    """
    entries = [
        entry
        for entry in _entries()
        if "deb" in entry.get("Types", "").split()
        and "main" in entry.get("Components", "").split()
        and entry.get("Enabled", "yes").lower() not in ("no", "false")
    ]
    for wanted in ({codename}, ALIASES):
        for entry in entries:
            if wanted & set(entry.get("Suites", "").split()):
                return entry
    raise console.Failure(
        f"Odoo 19.0 is taken from Debian, and /etc/apt names no source for {codename}: "
        f"add one, or {ADVICE}."
    )


def _entries():
    """Yield the sources of the machine's apt, in both of its formats."""
    for file in [
        SETTINGS / "sources.list",
        *sorted(SETTINGS.glob("sources.list.d/*.list")),
    ]:
        if file.exists():
            for line in file.read_text().splitlines():
                yield from _classic(line)
    for file in sorted(SETTINGS.glob("sources.list.d/*.sources")):
        text = re.sub(r"^#.*\n", "", file.read_text(), flags=re.MULTILINE)
        for paragraph in re.split(r"\n\s*\n", text):
            fields = re.findall(
                r"^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)", paragraph, re.MULTILINE
            )
            yield dict(fields)


def _classic(line):
    """Yield the one-line entry as deb822 fields, if the line is one."""
    match = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+(.+)", line.split("#")[0])
    if not match:
        return
    settings, uri, suite, components = match.groups()
    options = dict(
        word.split("=", 1) for word in (settings or "").split() if "=" in word
    )
    entry = {"Types": "deb", "URIs": uri, "Suites": suite, "Components": components}
    for name in ("Signed-By", "Trusted"):
        if name.lower() in options:
            entry[name] = options[name.lower()]
    yield entry
