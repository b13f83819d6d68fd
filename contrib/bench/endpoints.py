"""What each endpoint costs that neither transcodes, nor fetches from outside, nor scans."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from contrib.bench.asking import Asked, least_of, rows
from contrib.bench.bare_database import bare_database
from contrib.bench.endpoint_requests import BODIES, REQUESTS
from contrib.bench.endpoint_things import LONG, Things, add_podcasts
from contrib.bench.endpoint_videos import add_videos, video_folder
from contrib.bench.library import SyntheticLibrary, synthetic_library
from contrib.bench.report import Row
from contrib.bench.serving import Client, serving, temporary_folder

from hydrophone.storage.data_folder import DATABASE
from hydrophone_subsonic.ahead import QUIET

_ENVIRONMENT = {"HYDROPHONE_JUKEBOX__ENABLED": "true"}


def measure(tracks: int) -> Iterator[Row]:
    """Ask servers that have been used for everything: first once, then often."""
    asked = [(name, query) for name, those in REQUESTS.items() for query in those]
    yield from least_of(asked, partial(_measured, synthetic_library(tracks)))


def _measured(
    library: SyntheticLibrary, asked: Sequence[Asked]
) -> Iterator[tuple[Asked, Iterator[Row]]]:
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
                shown = f"{name} {query}".strip()
                prepare = partial(_prepare, client, things, name, query)
                yield (name, query), rows(client, shown, prepare, bounds.get((name, query)))


def _bounds(database: Path, folders: int) -> dict[Asked, float]:
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


def _prepare(
    client: Client, things: Things, name: str, query: str, form: str
) -> Callable[[], object]:
    filled = things.fill(f"{query}&f={form}")
    key = things.api_key if name == "tokenInfo" else ""
    return lambda: client.ask(name, filled, api_key=key, body=BODIES.get(name))
