"""A data folder is prepared in a process of its own, which tells what is wrong."""

import subprocess
import sys
from pathlib import Path

from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.upgrade import known_revisions

_PREPARE = """
import sqlite3, sys, threading
from pathlib import Path

import hydrophone.server.run
from hydrophone.config import Config, ServerConfig
from hydrophone.errors import StorageError
from hydrophone.server.data_folder import prepare_apart

data = Path(sys.argv[1])
assert threading.active_count() == 1
try:
    prepare_apart(Config(server=ServerConfig(data_dir=data)))
except StorageError as error:
    print(error)
else:
    with sqlite3.connect(data / "hydrophone.db") as connection:
        print(*connection.execute("SELECT version_num FROM alembic_version").fetchone())
assert "alembic" not in sys.modules
"""


def prepared(data: Path) -> str:
    """Prepare a data folder in a process that may be forked; return what it made, or why not."""
    ended = subprocess.run(
        [sys.executable, "-c", _PREPARE, str(data)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ended.stdout.strip()


def test_a_migration_leaves_nothing_in_the_process_that_serves(tmp_path: Path) -> None:
    assert prepared(tmp_path / "new") == known_revisions()[-1]
    assert prepared(tmp_path / "new") == known_revisions()[-1]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("This is a letter, and no database at all." * 100)
    assert prepared(tmp_path).startswith(f"The database {tmp_path / DATABASE} cannot be used")
