"""Runs the application under uvicorn in this process until a signal comes."""

import gc
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

from hydrophone.config import Config
from hydrophone.errors import UnavailableError
from hydrophone.server.app import create_app
from hydrophone.server.data_folder import prepare_apart, server_lock
from hydrophone.server.http_protocol import HttpProtocol
from hydrophone.server.memory import share_memory
from hydrophone.server.wiring import Server

_GRACE_SECONDS = 1
"""For answers under way; then streams are cut, and the scan gets another second."""
_STUBBORN_SECONDS = 0.5
"""For tasks and threads of plugins to end, when all else is closed."""
_LAST_SECONDS = 4.0
"""From the signal to the end, whatever holds the process: an acknowledged change is on the disk."""
_KEEP_ALIVE_SECONDS = 30
_BACKLOG = 2048
_MANY_OBJECTS = 5_000
"""Made between two searches for garbage: a long answer is not to be searched again and again."""
_LARGEST_MESSAGE = 1024
"""Bytes from a WebSocket's client."""
_PING_SECONDS = 20
"""How long a client may be quiet until it is asked, and then until it is given up."""


def serve(
    config: Config, *, config_file: Path | None, ready: Callable[[Server, int], None]
) -> None:
    """Serve until SIGINT or SIGTERM; blocking, and the last thing that a process does.

    `config_file` is what the configuration was read from, if there is one. `ready` is called
    once with the port when requests are answered. Raises UnavailableError if the port is taken,
    ConflictError if another server runs on the data folder, StorageError if the database cannot
    be opened.
    """
    share_memory()
    # Once more here, so that what is wrong is an error of ours and not a failed lifespan.
    with server_lock(config):
        prepare_apart(config)
    with _listen(config) as listener:
        opened: list[Server] = []
        port = listener.getsockname()[1]
        app = create_app(config, config_file=config_file, opened=opened.append)
        server = _Server(
            uvicorn.Config(
                app,
                loop="uvloop",
                http=HttpProtocol,
                ws="websockets-sansio",
                # Clients of events have nothing to say.
                ws_max_size=_LARGEST_MESSAGE,
                ws_ping_interval=_PING_SECONDS,
                ws_ping_timeout=_PING_SECONDS,
                # Events are short, and memory for each connection is not.
                ws_per_message_deflate=False,
                lifespan="on",
                log_config=None,
                # It would print `p=SECRET` (traps 13); each request gets a line of our own.
                access_log=False,
                server_header=False,
                proxy_headers=bool(config.server.trusted_proxies),
                forwarded_allow_ips=list(config.server.trusted_proxies),
                timeout_graceful_shutdown=_GRACE_SECONDS,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                backlog=_BACKLOG,
            ),
            started=lambda: ready(opened[0], port),
            stopping=lambda: opened[0].services.artwork.close(),
        )
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn's server, telling when it has started and when it begins to stop."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        started: Callable[[], None],
        stopping: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes; the process ends soon after, also if a plugin would not."""
        await super().serve(sockets=sockets)
        if self.started:
            # asyncio waits for every task to end, and Python for every thread: some never do.
            _end_in(_STUBBORN_SECONDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in order; uvicorn would send itself the signal again and end as if aborted."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()
        # Code of a plugin may block the loop, which then closes nothing.
        _end_in(_LAST_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, then stop: hundreds of covers that wait would use up the time of grace."""
        self._tell_stopping()
        await super().shutdown(sockets=sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        # What is there now stays to the end: to look for garbage in it takes 15 ms each time.
        gc.freeze()
        gc.set_threshold(_MANY_OBJECTS)
        if self.started:
            self._tell_started()


def _end_in(seconds: float) -> None:
    """End this process then, unless it has ended by itself."""
    end = threading.Timer(seconds, os._exit, (0,))
    end.daemon = True
    end.start()


def _listen(config: Config) -> socket.socket:
    host, port = config.server.host, config.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server(
            (host, port),
            family=family,
            backlog=_BACKLOG,
            dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        raise UnavailableError(
            f"Cannot listen on {host} port {port}: {error.strerror}. "
            "Another program may use the port; choose one with --port."
        ) from error
