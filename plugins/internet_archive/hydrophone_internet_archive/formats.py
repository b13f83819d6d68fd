"""The formats of the Archive that can be played, as its files name them."""

from collections.abc import Iterable

from msgspec import Struct


class Format(Struct, frozen=True, kw_only=True):
    """What a file's `format` says. `Shorten` is not among them: nothing plays it."""

    name: str
    suffix: str
    content_type: str
    codec: str
    is_lossless: bool = False
    bit_depth: int = 0
    """0 where it is not known, or means nothing."""


def _mp3(name: str) -> Format:
    return Format(name=name, suffix="mp3", content_type="audio/mpeg", codec="mp3")


FORMATS = (
    Format(
        name="Flac",
        suffix="flac",
        content_type="audio/flac",
        codec="flac",
        is_lossless=True,
        bit_depth=16,
    ),
    Format(
        name="24bit Flac",
        suffix="flac",
        content_type="audio/flac",
        codec="flac",
        is_lossless=True,
        bit_depth=24,
    ),
    Format(
        name="Apple Lossless Audio",
        suffix="m4a",
        content_type="audio/mp4",
        codec="alac",
        is_lossless=True,
    ),
    Format(
        name="WAVE", suffix="wav", content_type="audio/wav", codec="pcm_s16le", is_lossless=True
    ),
    Format(
        name="AIFF", suffix="aiff", content_type="audio/aiff", codec="pcm_s16be", is_lossless=True
    ),
    _mp3("VBR MP3"),
    *(_mp3(f"{rate}Kbps MP3") for rate in (320, 256, 192, 160, 128)),
    _mp3("MP3"),
    Format(name="Ogg Vorbis", suffix="ogg", content_type="audio/ogg", codec="vorbis"),
    _mp3("96Kbps MP3"),
    _mp3("64Kbps MP3"),
)
"""The best first."""

LOSSLESS = "lossless"
_BY_NAME = {one.name.casefold(): one for one in FORMATS}
_BY_SUFFIX = {one.suffix: one for one in reversed(FORMATS)} | {"mp3": _BY_NAME["mp3"]}
# What the Archive could not name may be anything; an .m4a is seldom lossless.
del _BY_SUFFIX["m4a"]


def format_of(name: str, file_name: str) -> Format | None:
    """Return a file's format; `None` if it is no music that can be played.

    The suffix counts where the Archive does not know better (`Unknown`, or nothing).
    """
    if name and name.casefold() != "unknown":
        return _BY_NAME.get(name.casefold())
    return _BY_SUFFIX.get(file_name.rpartition(".")[2].lower())


def wanted(words: Iterable[str]) -> tuple[Format, ...]:
    """Return the formats that words of the configuration mean, in that order.

    A word is the name of a format, a codec or suffix (`flac`, `mp3`), or `lossless`, in any case.
    Raises ValueError for what means nothing.
    """
    found: dict[str, Format] = {}
    for word in words:
        meant = {one.name: one for one in FORMATS if word.casefold() in _names(one)}
        if not meant:
            known = "lossless, flac, mp3, ogg or a format's name at the Archive"
            raise ValueError(f"{word!r} is no format that can be played: use {known}")
        found |= {name: one for name, one in meant.items() if name not in found}
    return tuple(found.values())


def _names(one: Format) -> tuple[str, ...]:
    names = (one.name.casefold(), one.suffix, one.codec)
    return (*names, LOSSLESS) if one.is_lossless else names
