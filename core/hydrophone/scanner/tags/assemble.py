"""Makes a `ParsedFile` of the texts of any tag system."""

from collections.abc import Callable
from typing import Any

import xxhash

from hydrophone.domain.music import Disc, PartialDate, ReplayGain
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.tags import values
from hydrophone.scanner.tags.credits import contributors, main_credits, unpaired_ids
from hydrophone.scanner.tags.genres import named_genres
from hydrophone.scanner.tags.texts import Texts

_LARGEST_NUMBER = 9_999
_MOST_LYRICS = 16
_LARGEST_BPM = 1_000


def assemble(
    texts: Texts,
    *,
    picture: bytes,
    picture_remark: str = "",
    stream: StreamInfo,
    fingerprint: str,
    length_remark: str = "",
) -> ParsedFile:
    """Interpret the texts of one file; never raises for what they contain."""
    artists, display_artist = main_credits(texts, "artist")
    album_artists, display_album_artist = main_credits(texts, "albumartist")
    # What the file has is looked up, not all that it could have: most files have few tags.
    fields: dict[str, Any] = {}
    for name, found in texts.items():
        if name in _FIELDS:
            field, interpret = _FIELDS[name]
            fields[field] = interpret(found)
    if not _NUMBERS.isdisjoint(texts):
        fields |= _numbers(texts)
    return ParsedFile(
        stream=stream,
        fingerprint=fingerprint,
        length_remark=length_remark,
        artists=artists,
        display_artist=display_artist,
        album_artists=album_artists,
        display_album_artist=display_album_artist,
        contributors=contributors(texts),
        unpaired_artist_ids=unpaired_ids(texts, "artist", artists),
        unpaired_album_artist_ids=unpaired_ids(texts, "albumartist", album_artists),
        disc_title=_disc_title(texts),
        lyrics=_lyrics(texts),
        replay_gain=_replay_gain(texts),
        picture=xxhash.xxh3_64_hexdigest(picture) if picture else "",
        picture_remark=picture_remark,
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
    "date": ("release_date", _date),
    "originaldate": ("original_date", _date),
    "genre": ("genres", named_genres),
    "mood": ("moods", tuple),
    "grouping": ("groupings", tuple),
    "work": ("works", tuple),
    "movement": ("movements", tuple),
    "movementnumber": ("movement_number", _number),
    "language": ("languages", tuple),
    "isrc": ("isrcs", tuple),
    "label": ("labels", tuple),
    "catalognumber": ("catalog_numbers", tuple),
    "releasetype": ("release_types", values.release_types),
    "compilation": ("is_compilation", lambda found: values.flag(found[0])),
    "bpm": ("bpm", lambda found: round(values.decimal(found[0], _LARGEST_BPM) or 0)),
    "comment": ("comment", _first),
    "explicit": ("explicit_status", lambda found: values.explicit_status(found[0])),
    "acoustid": ("acoustid", _identifier),
    "musicbrainz_recordingid": ("recording_id", _identifier),
    "musicbrainz_albumid": ("release_id", _identifier),
    "musicbrainz_releasegroupid": ("release_group_id", _identifier),
}
"""From tags that stand for themselves to fields of `ParsedFile`, and what makes their value."""


_NUMBERS = {"tracknumber", "tracktotal", "discnumber", "disctotal"}


def _numbers(texts: Texts) -> dict[str, int]:
    """Read the numbers of track and disc, with how many of them there are."""
    track = values.place(texts.get("tracknumber", [""])[0], _LARGEST_NUMBER)
    disc = values.place(texts.get("discnumber", [""])[0], _LARGEST_NUMBER)
    totals = {
        name: values.number(texts.get(name, [""])[0], _LARGEST_NUMBER)
        for name in ("tracktotal", "disctotal")
    }
    return {
        "track_number": track.number,
        "track_total": track.total or totals["tracktotal"],
        # Without numbers of discs the sides of a record tell A1 and B1 apart.
        "disc_number": disc.number or track.side,
        "disc_total": disc.total or totals["disctotal"],
    }


def _lyrics(texts: Texts) -> tuple[str, ...]:
    """Return all words, those with times first."""
    if "lyrics" not in texts and "syncedlyrics" not in texts:
        return ()
    found = (*texts.get("syncedlyrics", ()), *texts.get("lyrics", ()))
    return tuple(dict.fromkeys(found))[:_MOST_LYRICS]


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
    "soundcheck",
    "replaygain_base_gain",
}


def _replay_gain(texts: Texts) -> ReplayGain | None:
    """ReplayGain's own tags win, then R128, which knows no peaks, then what iTunes measured."""
    if _GAINS.isdisjoint(texts):
        return None

    def first(name: str) -> str:
        return texts[name][0] if name in texts else ""

    track_gain = values.gain(first("replaygain_track_gain"))
    album_gain = values.gain(first("replaygain_album_gain"))
    if track_gain is None:
        track_gain = values.r128_gain(first("r128_track_gain"))
    if track_gain is None:
        track_gain = values.sound_check(first("soundcheck"))
    found = ReplayGain(
        track_gain=track_gain,
        album_gain=values.r128_gain(first("r128_album_gain")) if album_gain is None else album_gain,
        track_peak=values.peak(first("replaygain_track_peak")),
        album_peak=values.peak(first("replaygain_album_peak")),
        base_gain=values.gain(first("replaygain_base_gain")),
    )
    return None if found == ReplayGain() else found
