"""`make shell`: Odoo's shell on the demo database; runs a script on standard input."""

import console
import database
import odoo_cli
import setup


def main():
    """Open the shell and return its exit code."""
    environment = setup.ensure()
    name = database.kept_with_addon(environment, "demo")
    return odoo_cli.open_shell(environment, name)


if __name__ == "__main__":
    console.run(main)
