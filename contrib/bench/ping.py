"""The price of a request that does nothing: HTTP, routing, login, envelope."""

from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count

from contrib.bench.library import synthetic_library
from contrib.bench.processes import cost, cpu_seconds
from contrib.bench.report import Row
from contrib.bench.serving import (
    HOST,
    Client,
    RunningServer,
    child_server,
    path_of,
    serving_library,
    token_login,
)

_TARGET_US = 120


def measure(tracks: int) -> Iterator[Row]:
    """Compare ping by each kind of login with a fixed answer."""
    bound = _static_answer()
    with serving_library(synthetic_library(tracks)) as (server, client):
        for login, seconds in _logins(server, client):
            yield Row(
                name=f"ping, login by {login}",
                value=seconds * 1e6,
                unit="µs CPU",
                target=_TARGET_US,
                bound=bound * 1e6,
                bound_name="fixed answer by uvicorn",
            )


def _logins(server: RunningServer, client: Client) -> Iterator[tuple[str, float]]:
    password = {"p": server.password}
    path = path_of("ping", password, {"f": "json"})
    yield "password", cost(lambda: client.get_path(path), client.clock)
    same = path_of("ping", token_login(server.password, "c19b2d"), {"f": "json"})
    yield "token", cost(lambda: client.get_path(same), client.clock)
    salts = count(0x100000)

    def by_new_token() -> bytes:
        login = token_login(server.password, f"{next(salts):x}")
        return client.get_path(path_of("ping", login, {"f": "json"}))

    yield "token, a new salt each time", cost(by_new_token, client.clock)


def _static_answer() -> float:
    with child_server("contrib.bench.static_app", "/") as (pid, port, _):
        connection = HTTPConnection(HOST, port)
        # As long as a request with a login is.
        path = path_of("ping", token_login("", "c19b2d"), {"f": "json"})

        def ask() -> None:
            connection.request("GET", path)
            connection.getresponse().read()

        return cost(ask, lambda: cpu_seconds(pid))
