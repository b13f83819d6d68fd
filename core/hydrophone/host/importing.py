"""Imports plugins in threads: one that blocks there, or hangs, holds up nobody else."""

import contextlib
import sys
import threading
from concurrent.futures import Future
from functools import partial
from typing import Any

from hydrophone.domain.units import Seconds
from hydrophone.errors import PluginError
from hydrophone.host.discovery import Installed, load
from hydrophone.host.stranger import called, describe
from hydrophone.plugin import Plugin

IMPORT_LIMIT = Seconds(10.0)
"""How long an import is waited for; it cannot be ended."""

Importing = Future[type[Plugin[Any]]]
"""An import under way; what it raises is a PluginError."""


def begin_import(installed: Installed) -> Importing:
    """Import a plugin's class in a thread of its own, which does not hold the end of the process.

    Two at a time may find modules of a third that are half imported, if that imports itself in a
    circle: so begin one behind the other where that can be.
    """
    importing: Importing = Future()
    # Who waits for it may give up, but cannot take it back.
    importing.set_running_or_notify_cancel()
    name = f"import of {installed.name}"
    threading.Thread(target=_run, args=(importing, installed), name=name, daemon=True).start()
    return importing


def load_in_time(installed: Installed, limit: Seconds = IMPORT_LIMIT) -> type[Plugin[Any]]:
    """Import a plugin's class as `load` does, and wait for the limit at most; for commands.

    What it prints meanwhile goes to standard error, for what a command writes may be read by
    programs. Raises PluginError, also if it takes longer.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return begin_import(installed).result(limit)
    except TimeoutError as error:
        raise PluginError(too_long(limit)) from error


def too_long(limit: Seconds) -> str:
    """Say that an import has not come to its end."""
    return f"Its code cannot be imported: that has taken longer than {limit:g} seconds."


def _run(importing: Importing, installed: Installed) -> None:
    try:
        importing.set_result(called(partial(load, installed)))
    except PluginError as error:
        importing.set_exception(error)
    except Exception as error:  # noqa: BLE001 - the border: a class may be as odd as its module
        importing.set_exception(PluginError(f"Its code cannot be used: {describe(error)}"))
