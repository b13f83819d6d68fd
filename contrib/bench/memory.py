"""Memory of the server, and how soon it answers, with a library of full size."""

import random
from collections.abc import Iterator

from contrib.bench.library import synthetic_library
from contrib.bench.processes import children, resident_megabytes
from contrib.bench.report import Row
from contrib.bench.serving import Client, child_server, serving_library

_TARGET_MB = 150


def measure(tracks: int) -> Iterator[Row]:
    """Look at a server at rest after its scan at the start, and again after a time of use."""
    with child_server("contrib.bench.static_app", "/") as (pid, _, seconds):
        bare_start, bare_megabytes = seconds, resident_megabytes(pid)
    with serving_library(synthetic_library(tracks)) as (server, client):
        yield Row(
            name="start to first answer",
            value=server.start_seconds,
            unit="s",
            bound=bare_start,
            bound_name="fixed answer by uvicorn",
        )
        client.wait_for_rest()
        yield _memory("server after its scan", server.pid, bare_megabytes)
        _use(client, tracks)
        client.wait_for_rest()
        yield _memory("server after use", server.pid, bare_megabytes)
        yield Row(
            name="its child processes after use",
            value=sum(map(resident_megabytes, children(server.pid))),
            unit="MB",
        )


def _memory(name: str, pid: int, bound: float) -> Row:
    return Row(
        name=name,
        value=resident_megabytes(pid),
        unit="MB",
        target=_TARGET_MB,
        bound=bound,
        bound_name="fixed answer by uvicorn",
    )


def _use(client: Client, tracks: int) -> None:
    """Ask for what apps ask for: indexes, all lists, searches (one mistyped), and everything."""
    for form in ("json", "xml"):
        for endpoint in ("getArtists", "getIndexes", "getGenres", "getStarred2"):
            client.get(endpoint, f=form)
        for kind in ("newest", "random", "alphabeticalByName", "alphabeticalByArtist", "frequent"):
            for offset in range(0, tracks // 10, 1000):
                client.get("getAlbumList2", type=kind, size=500, offset=offset, f=form)
        for offset in range(0, tracks, 5000):
            client.get("search3", query="", songCount=500, songOffset=offset, f=form)
        for word in ("ban", "dor", "kul", "sima", "topi", "tpoifan"):
            client.get("search3", query=word, songCount=100, f=form)
    albums = client.get("getAlbumList2", type="alphabeticalByName", size=500).decode()
    identifiers = [part.partition('"')[0] for part in albums.split('<album id="')[1:]]
    for identifier in random.Random(1).sample(identifiers, 200):
        client.get("getAlbum", id=identifier, f="json")
