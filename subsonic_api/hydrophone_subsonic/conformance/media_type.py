"""Media types: several names are in use for the same files."""

_OTHER_NAMES = {
    "mp3": "mpeg",
    "jpg": "jpeg",
    "pjpeg": "jpeg",
    "m4a": "mp4",
    "m4b": "mp4",
    "vorbis": "ogg",
    "opus": "ogg",
    "oga": "ogg",
    "wave": "wav",
    "vnd.wave": "wav",
    "aif": "aiff",
    "aacp": "aac",
    "ms-wma": "wma",
    "monkeys-audio": "ape",
}
"""From the second half of a media type to that of the usual one for the same files."""


def is_same_type(one: str, other: str) -> bool:
    """Tell whether two media types are names of the same: audio/x-flac is audio/flac."""
    return _subtype(one) == _subtype(other)


def _subtype(kind: str) -> str:
    found = kind.partition(";")[0].strip().lower().rpartition("/")[2].removeprefix("x-")
    return _OTHER_NAMES.get(found, found)
