"""Where the fields of smart playlists are in the tables, for one viewer."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    case,
    false,
    func,
    not_,
    null,
    select,
)

from hydrophone.domain.ids import UserId
from hydrophone.domain.rules import FIELDS, Kind, SortKey
from hydrophone.storage.queries.any_case import any_case
from hydrophone.storage.queries.json_document import Predicate, member
from hydrophone.storage.queries.rule_early_marks import early, early_marks
from hydrophone.storage.queries.rule_marks import MARKS, mark_meets, mark_of, mark_of_few
from hydrophone.storage.queries.rule_texts import (
    ITS_ALBUM,
    TEXTS,
    credited,
    has_text,
    of_album,
)
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import (
    album,
    artist,
    track,
    track_artist,
)
from hydrophone.storage.tables.origin import origin

_SORT_TEXTS: Mapping[str, ColumnElement[str]] = {
    **TEXTS,
    "codec": func.nullif(track.c.codec, ""),
    "artist": track.c.display_artist,
    "albumartist": track.c.display_album_artist,
}
_LOUDNESS: Mapping[str, ColumnElement[float]] = {
    "rgtrackgain": track.c.track_gain,
    "rgtrackpeak": track.c.track_peak,
    "rgalbumgain": track.c.album_gain,
    "rgalbumpeak": track.c.album_peak,
}
"""Numbers of which 0 is one like others: NULL if unknown."""
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    **_LOUDNESS,
    "year": track.c.year,
    "tracknumber": track.c.track_number,
    "tracktotal": track.c.track_total,
    "discnumber": track.c.disc_number,
    "disctotal": track.c.disc_total,
    "movement": track.c.movement_number,
    "duration": track.c.duration,
    "bitrate": track.c.bit_rate,
    "bitdepth": track.c.bit_depth,
    "samplerate": track.c.sampling_rate,
    "channels": track.c.channel_count,
    "size": track.c.size,
    "bpm": track.c.bpm,
    "library_id": track.c.library_id,
    "dateadded": track.c.created,
    "hascoverart": track.c.has_artwork,
    "missing": track.c.missing_since.is_not(None),
}

_FEW_ALBUMS = 1000
"""Whose tracks are told from all others sooner than the albums of all tracks are looked up."""
_CHANGED = func.max(origin.c.mtime_ns)
"""Of one track: the last of its files."""
_MODIFIED = _CHANGED / 1_000_000

_ALBUM_DAYS: Mapping[str, ColumnElement[Any]] = {
    "originaldate": album.c.original_day,
    "releasedate": album.c.release_day,
    "date": album.c.day,
}
_ALBUM_DATES: Mapping[str, ColumnElement[Any]] = {
    "originalyear": func.coalesce(album.c.original_day // 10_000, 0),
    "releaseyear": func.coalesce(album.c.release_day // 10_000, 0),
    **_ALBUM_DAYS,
}
_MAYBE_OF_ALBUM: Mapping[str, ColumnElement[Any]] = {
    "albumversion": album.c.edition_key,
    "albumcomment": album.c.edition_key,
    "mbz_album_id": album.c.musicbrainz_key,
    **_ALBUM_DAYS,
}
"""What is NULL of albums that have none."""
_ALBUM_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "album": album.c.sort_key,
    "sortalbum": album.c.sort_key,
    "sortalbumartist": album.c.artist_sort_key,
    **_ALBUM_DATES,
    **_MAYBE_OF_ALBUM,
}
"""What is sorted by that the album of a track has; an index has each."""


def value_of(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return a number, a truth, a day or a moment (milliseconds) of a track.

    Days, moments and loudness are NULL if there is none, other numbers 0.
    """
    if field in MARKS:
        return mark_of(field, viewer)
    if field in _COLUMNS:
        return _COLUMNS[field]
    match field:
        case "datemodified":
            return _of_files(_MODIFIED)
        case "compilation":
            return of_album(member(album.c.document, "is_compilation"))
    return _of_album(_ALBUM_DATES[field])


def meets(
    field: str, viewer: UserId, predicate: Predicate, counted: Connection
) -> ColumnElement[bool]:
    """Say that what `value_of` returns meets a predicate.

    What is not known (never played) meets none: it is neither before nor after anything.
    `counted` as in `text_matches`.
    """
    if field in MARKS:
        return mark_meets(field, viewer, predicate, counted)
    if field in _ALBUM_DATES:
        met = func.coalesce(predicate(_ALBUM_DATES[field]), false())
        return unindexed(of_album(met, counted))
    if field == "datemodified":
        files = select(origin.c.track_id).where(origin.c.track_id.is_not(None))
        fitting = files.group_by(origin.c.track_id).having(predicate(_MODIFIED))
        return unindexed(track.c.id.in_(fitting))
    return func.coalesce(predicate(value_of(field, viewer)), false())


def is_known(field: str, viewer: UserId, counted: Connection) -> ColumnElement[bool]:
    """Say that a track has a text, number, day or moment of this name at all."""
    if FIELDS[field] is Kind.TEXT:
        return unindexed(has_text(field, counted))
    if FIELDS[field] is Kind.NUMBER and field not in _LOUDNESS:
        return meets(field, viewer, lambda value: value != 0, counted)
    return meets(field, viewer, lambda value: value.is_not(None), counted)


def sort_key(field: str, viewer: UserId, *, of_few: bool = False) -> ColumnElement[Any]:
    """Return what tracks are ordered by for a field that can be sorted by.

    `of_few`: faster where only few tracks are left.
    """
    match field:
        case "title":
            return track.c.name_key
        case "sorttitle":
            return any_case(func.coalesce(TEXTS[field], track.c.name_key))
        case "sortartist":
            return _first_artist()
        case "datemodified":
            # As `comes_early` compares them: near ones are equal as milliseconds, which are floats.
            return _of_files(_CHANGED)
        case "genre":
            return track.c.genre_key
    if field in _MAYBE_OF_ALBUM:
        key = _MAYBE_OF_ALBUM[field]
        # Where few albums have one, it is looked up for the tracks of these alone.
        having = select(album.c.id).where(key.is_not(None))
        are_few = not_(having.offset(_FEW_ALBUMS).limit(1).correlate(None).exists())
        has_none = and_(are_few, track.c.album_id.not_in(having))
        return case((has_none, null()), else_=_of_album(key))
    if field in _ALBUM_ORDERS:
        return _of_album(_ALBUM_ORDERS[field])
    if field in _SORT_TEXTS:
        return any_case(_SORT_TEXTS[field])
    return mark_of_few(field, viewer) if of_few and field in MARKS else value_of(field, viewer)


def comes_early(
    keys: Sequence[SortKey], viewer: UserId, count: int, counted: Connection
) -> ColumnElement[bool] | None:
    """Say that a track comes before all others in an order.

    True of all tracks of `count` albums, artists, files or marks, or of as many as there are, and
    of those equal to the next. These are quickly found, while the keys of all tracks have to be
    looked up one by one. `None` for what tracks are sorted by without looking elsewhere, and where
    nearly all come first. `counted` as in `text_matches`.
    """
    field, descending = keys[0].field, keys[0].descending
    if field in MARKS:
        return early_marks(keys, viewer, count, counted)
    if field in _ALBUM_ORDERS:
        key = _ALBUM_ORDERS[field]
        is_early = _is_early(key, count, descending=descending)
        return of_album(is_early(key))
    match field:
        case "sortartist":
            is_early = _is_early(artist.c.sort_key, count, descending=descending)
            theirs = credited("artist", is_early(artist.c.sort_key))
            # Tracks of several artists stand where the first one does.
            return and_(theirs, is_early(_first_artist()))
        case "datemodified":
            # Twice as many, because some have copies.
            is_early = _is_early(origin.c.mtime_ns, 2 * count, descending=descending)
            files = select(origin.c.track_id).where(is_early(origin.c.mtime_ns))
            return and_(track.c.id.in_(files), is_early(_of_files(_CHANGED)))
    return None


def _is_early(key: ColumnElement[Any], count: int, *, descending: bool) -> Predicate:
    return early(key, count, key.is_not(None), descending=descending)


def _of_files(value: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(value).where(origin.c.track_id == track.c.id).scalar_subquery()


def _first_artist() -> ScalarSelect[str]:
    return (
        select(artist.c.sort_key)
        .join(track_artist, track_artist.c.artist_id == artist.c.id)
        .where(track_artist.c.track_id == track.c.id, track_artist.c.role == "artist")
        .order_by(track_artist.c.position)
        .limit(1)
        .scalar_subquery()
    )


def _of_album(key: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(key).where(ITS_ALBUM).scalar_subquery()
