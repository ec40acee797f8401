"""`make clean`: stop everything, drop this clone's databases, remove `.dev`."""

import shutil

import clone
import console
import database
import get_postgres
import processes
import setup


def main():
    """Leave the clone as git made it."""
    if not clone.STATE.exists():
        return
    clone.prepare()
    processes.end_all()
    with clone.locked("setup"):
        _drop_databases()
        get_postgres.remove()
    shutil.rmtree(clone.STATE)
    console.say("Clean.")


def _drop_databases():
    """Drop the databases on a server that is not ours; ours goes as a whole."""
    environment = setup.found()
    if not environment or get_postgres.is_ours(environment.postgres):
        return
    try:
        database.drop_all(environment)
    except (console.Failure, OSError) as error:
        console.say(f"{error}\nDatabases named {database.PREFIX}_* may be left there.")


if __name__ == "__main__":
    console.run(main)
