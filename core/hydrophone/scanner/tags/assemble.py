"""Makes a `ParsedFile` of the texts of any tag system."""

from collections.abc import Callable
from typing import Any

import xxhash

from hydrophone.domain.music import Disc, PartialDate, ReplayGain
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.tags import values
from hydrophone.scanner.tags.credits import contributors, main_credits
from hydrophone.scanner.tags.texts import Texts

_LARGEST_NUMBER = 9_999
_LARGEST_BPM = 1_000


def assemble(texts: Texts, *, picture: bytes, stream: StreamInfo, fingerprint: str) -> ParsedFile:
    """Interpret the texts of one file; never raises for what they contain."""
    artists, display_artist = main_credits(texts, "artist")
    album_artists, display_album_artist = main_credits(texts, "albumartist")
    # What the file has is looked up, not all that it could have: most files have few tags.
    fields: dict[str, Any] = {}
    for name, found in texts.items():
        if name in _FIELDS:
            field, interpret = _FIELDS[name]
            fields[field] = interpret(found)
    return ParsedFile(
        stream=stream,
        fingerprint=fingerprint,
        artists=artists,
        display_artist=display_artist,
        album_artists=album_artists,
        display_album_artist=display_album_artist,
        contributors=contributors(texts),
        disc_title=_disc_title(texts),
        replay_gain=_replay_gain(texts),
        picture=xxhash.xxh3_64_hexdigest(picture) if picture else "",
        **fields,
    )


def _first(found: list[str]) -> str:
    return found[0]


def _number(found: list[str]) -> int:
    return values.number(found[0], _LARGEST_NUMBER)


def _date(found: list[str]) -> PartialDate | None:
    return values.date(found[0])


def _identifier(found: list[str]) -> str:
    return next(iter(values.uuids(found)), "")


_FIELDS: dict[str, tuple[str, Callable[[list[str]], object]]] = {
    "cuesheet": ("sheet", _first),
    "title": ("title", _first),
    "titlesort": ("sort_title", _first),
    "album": ("album", _first),
    "albumsort": ("sort_album", _first),
    "albumversion": ("edition", _first),
    "tracknumber": ("track_number", _number),
    "discnumber": ("disc_number", _number),
    "date": ("release_date", _date),
    "originaldate": ("original_date", _date),
    "genre": ("genres", tuple),
    "mood": ("moods", tuple),
    "grouping": ("groupings", tuple),
    "work": ("works", tuple),
    "movement": ("movements", tuple),
    "isrc": ("isrcs", tuple),
    "label": ("labels", tuple),
    "catalognumber": ("catalog_numbers", tuple),
    "releasetype": ("release_types", lambda found: tuple(value.lower() for value in found)),
    "compilation": ("is_compilation", lambda found: values.flag(found[0])),
    "bpm": ("bpm", lambda found: round(values.decimal(found[0], _LARGEST_BPM) or 0)),
    "comment": ("comment", _first),
    "explicit": ("explicit_status", lambda found: values.explicit_status(found[0])),
    "lyrics": ("lyrics", _first),
    "musicbrainz_recordingid": ("recording_id", _identifier),
    "musicbrainz_albumid": ("release_id", _identifier),
    "musicbrainz_releasegroupid": ("release_group_id", _identifier),
}
"""From tags that stand for themselves to fields of `ParsedFile`, and what makes their value."""


def _disc_title(texts: Texts) -> Disc | None:
    """A title without a number belongs to a set of one disc."""
    if "discsubtitle" not in texts:
        return None
    number = _number(texts["discnumber"]) if "discnumber" in texts else 0
    return Disc(number=number or 1, title=_first(texts["discsubtitle"]))


_GAINS = {
    "replaygain_track_gain",
    "replaygain_album_gain",
    "replaygain_track_peak",
    "replaygain_album_peak",
    "r128_track_gain",
    "r128_album_gain",
}


def _replay_gain(texts: Texts) -> ReplayGain | None:
    """ReplayGain's own tags win: R128 gains come with Opus only, and know no peaks."""
    if _GAINS.isdisjoint(texts):
        return None

    def first(name: str) -> str:
        return texts[name][0] if name in texts else ""

    track_gain = values.gain(first("replaygain_track_gain"))
    album_gain = values.gain(first("replaygain_album_gain"))
    found = ReplayGain(
        track_gain=values.r128_gain(first("r128_track_gain")) if track_gain is None else track_gain,
        album_gain=values.r128_gain(first("r128_album_gain")) if album_gain is None else album_gain,
        track_peak=values.peak(first("replaygain_track_peak")),
        album_peak=values.peak(first("replaygain_album_peak")),
    )
    return None if found == ReplayGain() else found
