"""A plugin of pytest: each of several processes has files of its own, as it has a database."""

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from odoo.tests import get_db_name
from odoo.tools import config


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each process the files of its own database.

    pytest-odoo lets the processes share them, and Odoo deletes at the end of each class
    those that its database does not know: also what others have just written.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    shared = Path(config.filestore(get_db_name()))
    own = shared.with_name(get_db_name())
    shutil.rmtree(own, ignore_errors=True)
    if shared.exists():
        # Odoo never rewrites a file of its store: links are as good as copies.
        shutil.copytree(shared, own, copy_function=os.link)
    with patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)
