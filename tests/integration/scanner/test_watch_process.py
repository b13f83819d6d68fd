"""The process that watches folders, as far as it needs no server; the rest is in `tests/e2e`."""

import subprocess
import sys


def test_it_holds_no_database() -> None:
    """It lives as long as the server, and SQLAlchemy with all tables would double its memory."""
    code = "import hydrophone.scanner.watch, sys; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"
