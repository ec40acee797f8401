"""Tests of what the addon does beside modules that it does not depend on."""

from functools import wraps


def needs_module(name):
    """Skip a test where a module is not installed.

    `make test` knows these tests by their attribute, and runs them once more in a
    database that has the modules.

    :param str name: technical name of the module
    """

    def decorate(test):
        @wraps(test)
        def run(case):
            if name not in case.env["ir.module.module"]._installed():
                case.skipTest(f"{name} is not installed")
            test(case)

        run.needs_module = name
        return run

    return decorate
