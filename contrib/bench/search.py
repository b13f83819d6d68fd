"""search3 by words, and by nothing at all: apps fetch the whole library that way."""

from collections.abc import Iterator

from contrib.bench.bare_database import bare_database
from contrib.bench.library import synthetic_library
from contrib.bench.report import Row
from contrib.bench.serving import serving_library

from hydrophone.storage.data_folder import DATABASE

_LIMITS = (20, 20, 100)
_WORDS = ("ban", "banmor", "banmor dulan")
"""The first letters of many words, of few, and two words."""
_PAGE = 500
_BARE = "sqlite3 + Struct + JSON"


def measure(tracks: int) -> Iterator[Row]:
    """Measure searches of the usual size, and pages of everything."""
    library = synthetic_library(tracks)
    with (
        serving_library(library) as (_, client),
        bare_database(library.data / DATABASE) as bare,
    ):
        artists, albums, songs = _LIMITS
        for words in _WORDS:
            counts = {"artistCount": artists, "albumCount": albums, "songCount": songs}
            yield Row(
                name=f"search3 20/20/100, {words!r}, JSON",
                value=client.cost("search3", query=words, f="json", **counts) * 1000,
                unit="ms CPU",
                bound=bare.find(words.replace(" ", '"* "'), _LIMITS) * 1000,
                bound_name=_BARE,
            )
        for offset in (0, tracks * 8 // 10):
            bound = bare.page("track", order="row", offset=offset, limit=_PAGE)
            page = {"songCount": _PAGE, "songOffset": offset, "artistCount": 0, "albumCount": 0}
            for form in ("json", "xml"):
                yield Row(
                    name=f"search3 of everything, 500 at offset {offset:,}, {form.upper()}",
                    value=client.cost("search3", query="", f=form, **page) * 1000,
                    unit="ms CPU",
                    bound=bound * 1000,
                    bound_name=_BARE,
                )
