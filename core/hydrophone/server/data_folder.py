"""The data folder as a server finds it: made, restored, migrated, and held by one server alone."""

import contextlib
import logging
import os
from pathlib import Path
from typing import NoReturn

from hydrophone.backup import back_up_before_migration, complete_restore
from hydrophone.config import Config
from hydrophone.domain.library import Library
from hydrophone.errors import HydrophoneError, StorageError
from hydrophone.services.clock import SystemClock
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE, SERVER_LOCK, locked
from hydrophone.storage.queries import libraries
from hydrophone.storage.upgrade import upgrade

logger = logging.getLogger(__name__)


def make_data_dir(config: Config) -> Path:
    """Make the data folder if need be, for the server's own user alone, and return it.

    Raises StorageError if it cannot be made or written to.
    """
    data = config.server.data_dir
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(f"The data folder {data} cannot be made: {error.strerror}") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise StorageError(f"The data folder {data} cannot be written to.")
    return data


def find_data_dir(config: Config) -> Path:
    """Return the data folder; raises StorageError if it is not there, as one that was mistyped."""
    data = config.server.data_dir
    if not data.is_dir():
        raise StorageError(f"There is no data folder {data}.")
    return data


def server_lock(config: Config) -> contextlib.AbstractContextManager[None]:
    """Return what keeps a second server, and a restore, away from the data folder.

    Entering it raises ConflictError if there is one already.
    """
    data = make_data_dir(config)
    return locked(data / SERVER_LOCK, f"A server, or a restore, is running on {data} already.")


def prepare(config: Config, *, must_exist: bool = False) -> tuple[Path, tuple[Library, ...]]:
    """Make the data folder, migrate the database, and give the libraries their ids.

    With `must_exist` nothing is made where there is no database yet: a folder that was mistyped
    is to be told, not filled. Blocking. Returns the database's path and the configured libraries
    in their order. Raises StorageError if the folder cannot be written to or the database not be
    used.
    """
    if must_exist:
        find_data_dir(config)
    data = make_data_dir(config)
    path = data / DATABASE
    complete_restore(data)
    if must_exist and not path.exists():
        raise StorageError(f"There is no database of Hydrophone in {data}.")
    upgrade(
        path,
        back_up=lambda revision: back_up_before_migration(
            data, config.backup.dir, revision, SystemClock().now()
        ),
    )
    configured = [(library.name, str(library.path)) for library in config.libraries]
    with connect(path, durable=True) as connection, transaction(connection):
        return path, libraries.register(connection, configured)


def prepare_apart(config: Config) -> None:
    """Do what `prepare` does in a process of its own, whose memory ends with it.

    Migrating loads Alembic, 11 MB that a server would keep until its next start. The process is
    forked, since to start Python anew would take as long as all the rest: only for a process that
    has no thread beside this one yet. Blocking; raises StorageError.
    """
    said, telling = os.pipe()
    child = os.fork()
    if child == 0:
        _prepare_and_end(config, telling)
    os.close(telling)
    with open(said) as reasons:  # noqa: PTH123 - a pipe has no path
        reason = reasons.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise StorageError(reason or "The data folder could not be prepared; see the log.")


def _prepare_and_end(config: Config, telling: int) -> NoReturn:
    status = 1
    try:
        prepare(config)
        status = 0
    except HydrophoneError as error:
        os.write(telling, str(error).encode("utf-8", "replace"))
    except Exception:  # the border of this process: all is told here, or nowhere
        logger.exception("The data folder could not be prepared.")
    finally:
        # At once: what the parent would do at its own end is not this process's to do.
        os._exit(status)
