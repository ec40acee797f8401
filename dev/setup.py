"""Make everything ready: Odoo, Python, PostgreSQL; fast when it already is.

Run alone it also builds the databases' templates.
"""

import json
import os

import clone
import console
import database
import get_odoo
import get_postgres
import get_python

CONFIG = clone.STATE / "odoo.conf"
# Neither Odoo's path nor a wish to compile it at each start is taken over.
NOT_INHERITED = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
RECORD = clone.STATE / "environment.json"


class Environment:
    """What the developer's commands work with.

    :param Odoo odoo: the Odoo that was found or downloaded
    :param Path python: the Python that runs it
    :param dict postgres: the PG* variables of the server
    """

    def __init__(self, odoo, python, postgres):
        self.odoo = odoo
        self.python = python
        self.postgres = postgres

    def variables(self):
        """Return the environment variables for a process that runs Odoo."""
        library = [str(self.odoo.library)] if self.odoo.library else []
        return {
            **{
                key: value
                for key, value in os.environ.items()
                if key not in NOT_INHERITED
            },
            **self.postgres,
            **({"PYTHONPATH": os.pathsep.join(library)} if library else {}),
            "ODOO_RC": str(CONFIG),
            "PATH": os.pathsep.join(
                (str(clone.BIN), os.environ["PATH"], str(get_postgres.programs()))
            ),
            "PYTHONPYCACHEPREFIX": str(clone.STATE / "pycache"),
            "PYTHONUNBUFFERED": "1",
        }


def ensure():
    """Make everything ready and return it.

    :rtype: Environment
    """
    clone.prepare()
    with clone.locked("setup"):
        odoo = get_odoo.get()
        python = get_python.for_odoo(odoo)
        postgres = get_postgres.get(python)
        _write_config()
        _record(python, postgres)
    return Environment(odoo, python, postgres)


def found():
    """Return what was last made ready, None when there is nothing.

    :rtype: Environment | None
    """
    if not RECORD.exists():
        return None
    facts = json.loads(RECORD.read_text())
    return Environment(None, facts["python"], facts["postgres"])


def _write_config():
    """Write Odoo's settings; the server's are left to the PG* variables."""
    folders = [str(clone.ADDONS)]
    if os.environ.get("ODOO_ADDONS_PATH"):
        folders.append(os.environ["ODOO_ADDONS_PATH"])
    CONFIG.write_text(
        "[options]\n"
        f"addons_path = {','.join(folders)}\n"
        f"data_dir = {clone.DATA}\n"
        f"screenshots = {clone.LOGS / 'screenshots'}\n"
        "http_interface = 127.0.0.1\n"
    )


def _record(python, postgres):
    """Keep what `make clean` needs to find the databases again, the password aside."""
    kept = {
        name: os.environ[name] for name in ("PGPORT", "PGUSER") if name in os.environ
    }
    facts = {"python": str(python), "postgres": {**kept, **postgres}}
    RECORD.write_text(json.dumps(facts))


def main():
    """Make everything ready, the databases' templates included."""
    environment = ensure()
    database.addon_template(environment)
    console.say("Everything is ready.")


if __name__ == "__main__":
    console.run(main)
