"""A real browser, where there is one."""

import shutil
from unittest import SkipTest

from odoo.tests import HttpCase

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


class BrowserCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        if not any(map(shutil.which, BROWSERS)):
            raise SkipTest(
                "No browser was found: install the package chromium to test the screens."
            )
        super().setUpClass()
