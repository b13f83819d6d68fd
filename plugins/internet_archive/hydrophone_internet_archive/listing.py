"""What the commands of this plugin print."""

from collections.abc import Iterable, Iterator, Sequence

from hydrophone.errors import UnavailableError
from hydrophone.plugin.capabilities.source import Refusal
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.archive import Archive, Opened
from hydrophone_internet_archive.choosing import choose, missing
from hydrophone_internet_archive.concerts import Concert
from hydrophone_internet_archive.formats import Format
from hydrophone_internet_archive.recordings import Recording
from hydrophone_internet_archive.shapes import key


async def search(archive: Archive, typed: str, *, most: int) -> list[str]:
    """Return lines about what is found by words: nights, and under each its recordings."""
    words = queries.words(typed)
    if not words:
        return []
    query = f"{queries.of_collections(archive.collections)} AND {queries.of_words(words)}"
    nights = archive.grouped(await archive.search(query, rows=4 * most))
    return [line for night in nights[:most] for line in _night(night, has_artist=True)]


async def concerts(archive: Archive, artist: str, *, year: int | None, most: int) -> list[str]:
    """Return lines about an artist's nights by date, of one year if it is given."""
    query = queries.of_creator(archive.collections, artist)
    recordings = await (archive.all(query) if year is None else _of_year(archive, query, year))
    same = key(artist)
    found = [one for one in recordings if same in map(key, one.creators)]
    nights = sorted(archive.grouped(found), key=lambda one: (one.best.day, one.key))
    return [line for night in nights[:most] for line in _night(night, has_artist=False)]


async def _of_year(archive: Archive, query: str, year: int) -> Iterable[Recording]:
    """Return a year's recordings; of few, also those without a date whose name or title has it."""
    whole = await archive.whole(query)
    if whole is not None:
        return [one for one in whole if one.date is not None and one.date.year == year]
    return await archive.all(queries.of_year(query, year))


async def show(archive: Archive, identifier: str, formats: Sequence[Format]) -> list[str]:
    """Return lines about a recording, its tracks and its night; empty if there is none.

    Raises UnavailableError with the reason if it has no tracks.
    """
    opened = await archive.open(identifier)
    if opened is None:
        return []
    if refusal := missing(opened.item, opened.tracks):
        raise UnavailableError(refusal.sentence)
    one = opened.item.recording
    said = {
        "artist": ", ".join(one.creators),
        "date": one.day,
        "place": ", ".join(filter(None, (one.venue, one.place))),
        "source": one.source,
        "lineage": one.lineage,
        "taper": one.taper,
        "transferred by": one.transferer,
        "kind": one.kind.value,
        "licence": opened.item.licence,
    }
    lines = [one.title, *(f"  {name}: {value}" for name, value in said.items() if value)]
    lines += list(_tracks(opened, formats))
    night = await archive.counted(await archive.night_of(one))
    if len(night.recordings) > 1:
        lines += ["", "Recordings of this night, the best first:"]
        lines += [_line(it) for it in night.recordings]
    return lines


def _night(night: Concert, *, has_artist: bool) -> Iterator[str]:
    artist = f"{', '.join(night.best.creators)}: " if has_artist and night.best.creators else ""
    yield f"{artist}{night.name}"
    yield from map(_line, night.recordings)


def _line(one: Recording) -> str:
    rating = f"  {one.rating:.1f}/5 by {one.reviews}" if one.reviews else ""
    return f"  {one.identifier}  {one.edition}{rating}"


def _tracks(opened: Opened, formats: Sequence[Format]) -> Iterator[str]:
    for track in opened.tracks:
        chosen = choose(opened.item, track, formats=formats)
        what = chosen.sentence if isinstance(chosen, Refusal) else chosen[0].format.name
        number = f"{track.disc}-{track.number:02}" if track.disc else f"{track.number:02}"
        minutes, seconds = divmod(round(track.length), 60)
        length = f"  {minutes}:{seconds:02}" if track.length else ""
        yield f"  {number}  {track.title}{length}  [{what}]"
