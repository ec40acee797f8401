"""`make stop`: end what this clone runs: Odoo, the simulator, our own PostgreSQL."""

import clone
import console
import get_postgres
import processes


def main():
    """End them all; nothing is lost, the next command starts what it needs."""
    if not clone.STATE.exists():
        return
    clone.prepare()
    processes.end_all()
    with clone.locked("setup"):
        get_postgres.stop()
    console.say("Stopped.")


if __name__ == "__main__":
    console.run(main)
