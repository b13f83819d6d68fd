"""Lists of albums and artists, and single albums: what apps ask for all day."""

import time
from collections.abc import Iterator

from contrib.bench.bare_database import BARE, bare_database
from contrib.bench.library import SyntheticLibrary, synthetic_library
from contrib.bench.processes import cost
from contrib.bench.report import Least, Row
from contrib.bench.serving import STARTS, Client, path_of, serving_library, token_login

from hydrophone.storage.data_folder import DATABASE
from hydrophone_subsonic.ahead import QUIET

_TARGETS_MS = {"json": 4.0, "xml": 7.0}
_LETTERS_MS = 20.0


def measure(tracks: int) -> Iterator[Row]:
    """Measure pages of albums that come for the first time, and then what is asked for often."""
    library = synthetic_library(tracks)
    yield from _first(library)
    with serving_library(library) as (server, client):
        yield from _album_lists(library, client)
        login = token_login(server.password, "c19b2d")
        path = path_of("getAlbumList2", login, _list_of(500, 0, "json"))
        zipped = cost(lambda: client.get_path(path, {"Accept-Encoding": "gzip"}), client.clock)
        yield _row("getAlbumList2 500, JSON, gzip", zipped)
        yield from _others(library, client)


def _first(library: SyntheticLibrary) -> list[Row]:
    """Measure what can be asked for the first time only once of each server."""
    least = Least()
    for _ in range(STARTS):
        with serving_library(library) as (_, client):
            letters = least.note(_first_letters(client, library.albums))
            if least.note(_new_album_lists(library, client)) and letters:
                break
    return least.rows()


def _first_letters(client: Client, count: int) -> Iterator[Row]:
    """Measure the first requests since the server began, which has come to rest."""
    # Long lists are written when the library has been at rest for so long.
    time.sleep(QUIET)
    client.wait_for_rest()
    for endpoint in ("getArtists", "getIndexes"):
        for form in _TARGETS_MS:
            before = client.clock()
            client.get(endpoint, f=form)
            name = f"{endpoint} of {count:,}, for the first time, {form.upper()}"
            yield _row(name, client.clock() - before, _LETTERS_MS)


def _album_lists(library: SyntheticLibrary, client: Client) -> Iterator[Row]:
    with bare_database(library.data / DATABASE) as bare:
        for size, offset in ((500, 0), (500, library.albums * 8 // 10), (20, 0)):
            bound = bare.page("album", order="sort_key, row", offset=offset, limit=size)
            for form, target in _TARGETS_MS.items():
                yield _row(
                    f"getAlbumList2 {size} at offset {offset:,}, {form.upper()}",
                    client.cost("getAlbumList2", **_list_of(size, offset, form)),
                    target if size == 500 else None,
                    bound,
                )


def _new_album_lists(library: SyntheticLibrary, client: Client) -> Iterator[Row]:
    """Measure pages that nobody has asked for since the server began; comes before all else.

    The server has had the time that it takes to write albums ahead. The least of three pages
    side by side, as each can come for the first time only once.
    """
    client.cost("getAlbumList2", **_list_of(1, library.albums // 2, "json"))
    client.cost("getAlbumList2", **_list_of(1, library.albums // 2, "xml"))
    client.wait_for_rest()
    with bare_database(library.data / DATABASE) as bare:
        for start in (0, library.albums * 7 // 10):
            bound = bare.page("album", order="sort_key, row", offset=start, limit=500)
            for first, form in zip((start, start + 1500), _TARGETS_MS, strict=True):
                costs = []
                for offset in range(first, first + 1500, 500):
                    before = client.clock()
                    client.get("getAlbumList2", **_list_of(500, offset, form))
                    costs.append(client.clock() - before)
                name = f"getAlbumList2 500 from offset {first:,}, for the first time"
                yield _row(f"{name}, {form.upper()}", min(costs), _TARGETS_MS[form], bound)


def _others(library: SyntheticLibrary, client: Client) -> Iterator[Row]:
    with bare_database(library.data / DATABASE) as bare:
        count = library.albums
        bound = bare.page("artist", order="sort_key, row", offset=0, limit=count)
    for form in _TARGETS_MS:
        name = f"getArtists of {count:,}, {form.upper()}"
        yield _row(name, client.cost("getArtists", f=form), _LETTERS_MS, bound)
        name = f"getIndexes of {count:,}, {form.upper()}"
        yield _row(name, client.cost("getIndexes", f=form), _LETTERS_MS)
    for form in _TARGETS_MS:
        yield _row(f"getGenres, {form.upper()}", client.cost("getGenres", f=form))
    album, artist = _first_album(client)
    for form in _TARGETS_MS:
        yield _row(f"getArtist, {form.upper()}", client.cost("getArtist", id=artist, f=form))
    for form in _TARGETS_MS:
        yield _row(
            f"getAlbum of 10 songs, {form.upper()}", client.cost("getAlbum", id=album, f=form)
        )


def _list_of(size: int, offset: int, form: str) -> dict[str, object]:
    return {"type": "alphabeticalByName", "size": size, "offset": offset, "f": form}


def _first_album(client: Client) -> tuple[str, str]:
    """Return the ids of an album and of its artist."""
    found = client.get("getAlbumList2", type="newest", size=1).decode()
    album = found.partition(' id="')[2].partition('"')[0]
    return album, found.partition(' artistId="')[2].partition('"')[0]


def _row(name: str, seconds: float, target: float | None = None, bound: float | None = None) -> Row:
    return Row(
        name=name,
        value=seconds * 1000,
        unit="ms CPU",
        target=target,
        bound=None if bound is None else bound * 1000,
        bound_name="" if bound is None else BARE,
    )
