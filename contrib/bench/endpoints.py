"""What each endpoint costs that neither transcodes, nor fetches from outside, nor scans."""

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from contrib.bench.bare_database import BARE, bare_database
from contrib.bench.endpoint_requests import BODIES, REQUESTS
from contrib.bench.endpoint_things import LONG, Things, add_podcasts
from contrib.bench.endpoint_videos import add_videos, video_folder
from contrib.bench.library import SyntheticLibrary, synthetic_library
from contrib.bench.report import Least, Row
from contrib.bench.serving import STARTS, Client, serving, temporary_folder

from hydrophone.storage.data_folder import DATABASE
from hydrophone_subsonic.ahead import QUIET

Asked = tuple[str, str]
"""An endpoint, and its query."""

_TARGET_MS = 50.0
_ROUNDS = 7
_FORMATS = ("json", "xml")
_ENVIRONMENT = {"HYDROPHONE_JUKEBOX__ENABLED": "true"}


def measure(tracks: int) -> Iterator[Row]:
    """Ask servers that have been used for everything: first once, then often."""
    library = synthetic_library(tracks)
    asked: Sequence[Asked] = [(name, query) for name, those in REQUESTS.items() for query in those]
    least = Least()
    for _ in range(STARTS):
        asked = [one for one, rows in _measured(library, asked) if not least.note(rows)]
        if not asked:
            break
    yield from least.rows()


def _measured(
    library: SyntheticLibrary, asked: Sequence[Asked]
) -> Iterator[tuple[Asked, tuple[Row, ...]]]:
    with temporary_folder() as folder:
        data = library.copy_data(folder / "data")
        add_podcasts(data / DATABASE)
        bounds = _bounds(data / DATABASE, library.albums)
        films = video_folder(folder / "films")
        with serving(data, library.music, films, environment=_ENVIRONMENT) as server:
            server.wait_for_scan()
            add_videos(data / DATABASE, films)
            client = Client(server)
            things = Things(client, data)
            # Long lists are written when the library has been at rest for so long.
            time.sleep(QUIET)
            client.wait_for_rest()
            for name, query in asked:
                if name == "jukeboxControl" and shutil.which("mpv") is None:
                    continue
                bound = bounds.get((name, query))
                yield (name, query), tuple(_rows(client, things, name, query, bound))


def _bounds(database: Path, folders: int) -> dict[tuple[str, str], float]:
    """Return what the longest answers cost without all that a server adds."""
    with bare_database(database) as bare:
        albums = bare.page("album", order="row", offset=0, limit=folders)
        return {
            ("getMusicDirectory", "id=1"): albums,
            ("getPodcasts", ""): bare.episodes(),
            ("getPlaylist", "id={playlist}"): bare.page(
                "track", order="row", offset=500, limit=LONG
            ),
        }


def _rows(
    client: Client, things: Things, name: str, query: str, bound: float | None
) -> Iterator[Row]:
    shown = f"{name} {query}".strip()
    firsts = []
    for form in _FORMATS:
        costs = [_cost(client, things, name, f"{query}&f={form}") for _ in range(_ROUNDS + 1)]
        firsts.append(costs[0])
        yield _row(f"{shown}, {form.upper()}", min(costs[1:]), bound)
    yield _row(f"{shown}, for the first time", max(firsts), bound)


def _cost(client: Client, things: Things, name: str, query: str) -> float:
    """Return the CPU seconds of one request, without those of what is made for it."""
    filled = things.fill(query)
    key = things.api_key if name == "tokenInfo" else ""
    before = client.clock()
    client.ask(name, filled, api_key=key, body=BODIES.get(name))
    return client.clock() - before


def _row(name: str, seconds: float, bound: float | None) -> Row:
    return Row(
        name=name,
        value=seconds * 1000,
        unit="ms CPU",
        target=_TARGET_MS,
        bound=None if bound is None else bound * 1000,
        bound_name="" if bound is None else BARE,
    )
