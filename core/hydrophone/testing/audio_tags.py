"""Writes tags into audio files under our own names for them: the reverse of the tag readers."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from mutagen import id3
from mutagen.flac import FLAC, Picture
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from hydrophone.scanner.tags.mapping import TAGS

Texts = Mapping[str, list[str]]


def write_tags(
    path: Path, tags: Mapping[str, str | Sequence[str]], *, picture: bytes | None = None
) -> None:
    """Replace all tags and pictures of a file; its audio stays as it is.

    Names are those of `hydrophone.scanner.tags.mapping.TAGS`; several values make a
    multi-valued tag. A track or disc number may be `3/12`, a performer `Name (violin)`. The
    picture becomes the front cover.

    Raises `KeyError` for a name or a suffix that is not known, `IndexError` for a tag that the
    format does not have. Blocks.
    """
    texts = {name: [value] if isinstance(value, str) else [*value] for name, value in tags.items()}
    _WRITERS[path.suffix](path, texts, picture)


def _write_mp3(path: Path, texts: Texts, picture: bytes | None) -> None:
    MP3(path).delete()
    tags = id3.ID3()
    for name, values in texts.items():
        _add_frame(tags, TAGS[name].id3[0], values)
    if picture is not None:
        tags.add(id3.APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=picture))
    if tags:
        tags.save(path)


def _add_frame(tags: id3.ID3, key: str, values: list[str]) -> None:
    frame, _, detail = key.partition(":")
    make = getattr(id3, frame)
    match frame:
        case "TXXX":
            tags.add(make(encoding=3, desc=detail, text=values))
        case "UFID":
            tags.add(make(owner=detail, data=values[0].encode()))
        case "COMM":
            tags.add(make(encoding=3, lang="eng", desc="", text=values))
        case "USLT":
            tags.add(make(encoding=3, lang="eng", desc="", text=values[0]))
        case "TMCL" | "TIPL":
            others = tags[frame].people if frame in tags else []
            people = [_person(value, detail.lower()) for value in values]
            tags.add(make(encoding=3, people=others + people))
        case _:
            tags.add(make(encoding=3, text=values))


def _person(value: str, function: str) -> list[str]:
    """Write `Name (violin)` as ID3 does: the part first, then the name."""
    name, _, instrument = value.removesuffix(")").partition(" (")
    return [function or instrument, name]


def _write_flac(path: Path, texts: Texts, picture: bytes | None) -> None:
    file = FLAC(path)
    file.delete()
    file.clear_pictures()
    for name, values in texts.items():
        file[TAGS[name].vorbis[0]] = values
    if picture is not None:
        file.add_picture(_picture_block(picture))
    file.save()


def _write_ogg(path: Path, texts: Texts, picture: bytes | None) -> None:
    file = OggOpus(path) if path.suffix == ".opus" else OggVorbis(path)
    file.delete()
    for name, values in texts.items():
        file[TAGS[name].vorbis[0]] = values
    if picture is not None:
        file["METADATA_BLOCK_PICTURE"] = [b64encode(_picture_block(picture).write()).decode()]
    file.save()


def _picture_block(data: bytes) -> Picture:
    block = Picture()
    block.type = id3.PictureType.COVER_FRONT
    block.mime = "image/jpeg"
    block.data = data
    return block


def _write_mp4(path: Path, texts: Texts, picture: bytes | None) -> None:
    file = MP4(path)
    file.delete()
    for name, values in texts.items():
        key = TAGS[name].mp4[0]
        if key in {"trkn", "disk"}:
            number, _, total = values[0].partition("/")
            file[key] = [(int(number), int(total or 0))]
        elif key in {"tmpo", "rtng"}:
            file[key] = [int(values[0])]
        elif key == "cpil":
            file[key] = values[0] == "1"
        elif key.startswith("----:"):
            key = key.replace("----", "----:com.apple.iTunes", 1)
            file[key] = [value.encode() for value in values]
        else:
            file[key] = values
    if picture is not None:
        file["covr"] = [MP4Cover(picture, MP4Cover.FORMAT_JPEG)]
    file.save()


_WRITERS = {
    ".mp3": _write_mp3,
    ".flac": _write_flac,
    ".ogg": _write_ogg,
    ".opus": _write_ogg,
    ".m4a": _write_mp4,
}
