"""Makes a `ParsedFile` of the texts of any tag system."""

import xxhash

from hydrophone.domain.music import Disc, ReplayGain
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.tags import values
from hydrophone.scanner.tags.credits import contributors, main_credits
from hydrophone.scanner.tags.texts import Texts

_LARGEST_NUMBER = 9_999
_LARGEST_BPM = 1_000


def assemble(texts: Texts, *, picture: bytes, stream: StreamInfo, fingerprint: str) -> ParsedFile:
    """Interpret the texts of one file; never raises for what they contain."""

    def first(name: str) -> str:
        return texts[name][0] if name in texts else ""

    def every(name: str) -> tuple[str, ...]:
        return tuple(texts.get(name, ()))

    def identifier(name: str) -> str:
        return next(iter(values.uuids(texts.get(name, []))), "")

    artists, display_artist = main_credits(texts, "artist")
    album_artists, display_album_artist = main_credits(texts, "albumartist")
    disc_number = values.number(first("discnumber"), _LARGEST_NUMBER)
    return ParsedFile(
        stream=stream,
        fingerprint=fingerprint,
        title=first("title"),
        sort_title=first("titlesort"),
        album=first("album"),
        sort_album=first("albumsort"),
        edition=first("albumversion"),
        artists=artists,
        display_artist=display_artist,
        album_artists=album_artists,
        display_album_artist=display_album_artist,
        contributors=contributors(texts),
        track_number=values.number(first("tracknumber"), _LARGEST_NUMBER),
        disc_number=disc_number,
        disc_title=_disc_title(disc_number, first("discsubtitle")),
        release_date=values.date(first("date")),
        original_date=values.date(first("originaldate")),
        genres=every("genre"),
        moods=every("mood"),
        groupings=every("grouping"),
        works=every("work"),
        movements=every("movement"),
        isrcs=every("isrc"),
        labels=every("label"),
        catalog_numbers=every("catalognumber"),
        release_types=tuple(value.lower() for value in every("releasetype")),
        is_compilation=values.flag(first("compilation")),
        bpm=round(values.decimal(first("bpm"), _LARGEST_BPM) or 0),
        comment=first("comment"),
        explicit_status=values.explicit_status(first("explicit")),
        lyrics=first("lyrics"),
        replay_gain=_replay_gain(texts),
        recording_id=identifier("musicbrainz_recordingid"),
        release_id=identifier("musicbrainz_albumid"),
        release_group_id=identifier("musicbrainz_releasegroupid"),
        picture=xxhash.xxh3_64_hexdigest(picture) if picture else "",
    )


def _disc_title(number: int, title: str) -> Disc | None:
    """A title without a number belongs to a set of one disc."""
    return Disc(number=number or 1, title=title) if title else None


def _replay_gain(texts: Texts) -> ReplayGain | None:
    """ReplayGain's own tags win: R128 gains come with Opus only, and know no peaks."""

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
