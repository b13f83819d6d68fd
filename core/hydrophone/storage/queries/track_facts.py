"""What the row of a track has of its document, for rules to be looked up in (tables/music.py)."""

import msgspec

from hydrophone.domain.music import ReplayGain, Track
from hydrophone.storage.folding import name_key


def facts_of(thing: Track) -> dict[str, object]:
    """Return the columns that repeat what stands in a track's document, beside its place and title.

    All of them, and in the same order each time. What is empty and may be NULL is `None`.
    """
    genres = sorted({*map(name_key, thing.genres)})
    loudness = thing.replay_gain or ReplayGain()
    return {
        "duration": thing.duration,
        "suffix": thing.suffix,
        "codec": thing.codec,
        "bit_rate": thing.bit_rate,
        "bit_depth": thing.bit_depth,
        "sampling_rate": thing.sampling_rate,
        "channel_count": thing.channel_count,
        "size": thing.size,
        "bpm": thing.bpm,
        "moods": _list(thing.moods),
        "groupings": _list(thing.groupings),
        "sort_title": thing.sort_title or None,
        "display_artist": thing.display_artist or None,
        "display_album_artist": thing.display_album_artist or None,
        "genre_key": genres[0] if genres else None,
        "genre_keys": "\n".join(["", *genres, ""]) if genres else None,
        "has_artist": bool(thing.artists),
        "has_artwork": thing.artwork_id is not None,
        "track_total": thing.track_total,
        "disc_total": thing.disc_total,
        "movement_number": thing.movement_number,
        "track_gain": loudness.track_gain,
        "track_peak": loudness.track_peak,
        "album_gain": loudness.album_gain,
        "album_peak": loudness.album_peak,
        "explicit_status": thing.explicit_status or None,
        "musicbrainz_id": thing.musicbrainz_id or None,
        "isrcs": _list(thing.isrcs),
        "works": _list(thing.works),
        "movements": _list(thing.movements),
        "languages": _list(thing.languages),
        "path": thing.path,
        "comment": thing.comment or None,
    }


def _list(texts: tuple[str, ...]) -> str | None:
    return msgspec.json.encode(texts).decode() if texts else None
