"""What a converted track says of itself, for players that look into what they have kept."""

from collections.abc import Iterator

from hydrophone.domain.music import ReplayGain, Track
from hydrophone.domain.playback import Playable

_LONGEST = 200


def tags_of(item: Playable, *, with_gain: bool) -> tuple[tuple[str, str], ...]:
    """Return names, as ffmpeg has them, and texts; with ReplayGain if it was not applied."""
    found = {"title": item.title}
    if isinstance(item, Track):
        found |= {
            "artist": item.display_artist,
            "album": item.album_name,
            "album_artist": item.display_album_artist,
            "track": f"{item.track_number or ''}",
            "disc": f"{item.disc_number or ''}",
            "date": f"{item.year or ''}",
            "genre": "; ".join(item.genres),
        }
        if with_gain and item.replay_gain is not None:
            found |= dict(_gains(item.replay_gain))
    return tuple((name, _clean(text)) for name, text in found.items() if text)


def _gains(gains: ReplayGain) -> Iterator[tuple[str, str]]:
    for kind, gain, peak in (
        ("TRACK", gains.track_gain, gains.track_peak),
        ("ALBUM", gains.album_gain, gains.album_peak),
    ):
        if gain is not None:
            yield f"REPLAYGAIN_{kind}_GAIN", f"{gain:.2f} dB"
        if peak is not None:
            yield f"REPLAYGAIN_{kind}_PEAK", f"{peak:.6f}"


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:_LONGEST])
