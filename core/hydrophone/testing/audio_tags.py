"""Writes tags into audio files under our own names for them: the reverse of the tag readers."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mutagen import id3
from mutagen.aiff import AIFF
from mutagen.apev2 import BINARY, APENoHeaderError, APEv2, APEValue
from mutagen.asf import ASF
from mutagen.asf._attrs import ASFByteArrayAttribute
from mutagen.dsdiff import DSDIFF
from mutagen.dsf import DSF
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from hydrophone.domain.lrc import parse_lyrics
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
    id3.ID3().delete(path)
    tags = id3.ID3()
    _fill_id3(tags, texts, picture)
    if tags:
        tags.save(path)


def _write_id3_chunk(
    read: Callable[[Path], Any],
) -> Callable[[Path, Texts, bytes | None], None]:
    def write(path: Path, texts: Texts, picture: bytes | None) -> None:
        file = read(path)
        if file.tags is not None:
            file.delete(path)
            file = read(path)
        if texts or picture:
            tags = id3.ID3()
            _fill_id3(tags, texts, picture)
            file.add_tags()
            for frame in tags.values():
                file.tags.add(frame)
            file.save()

    return write


def _fill_id3(tags: id3.ID3, texts: Texts, picture: bytes | None) -> None:
    for name, values in texts.items():
        _add_frame(tags, TAGS[name].id3[0], values)
    if picture is not None:
        tags.add(id3.APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=picture))


def _add_frame(tags: id3.ID3, key: str, values: list[str]) -> None:
    frame, _, detail = key.partition(":")
    make = getattr(id3, frame)
    match frame:
        case "TXXX":
            tags.add(make(encoding=3, desc=detail, text=values))
        case "UFID":
            tags.add(make(owner=detail, data=values[0].encode()))
        case "COMM":
            tags.add(make(encoding=3, lang="eng", desc=detail, text=values))
        case "USLT":
            for number, value in enumerate(values):
                tags.add(make(encoding=3, lang="XXX", desc=str(number or ""), text=value))
        case "SYLT":
            lines = [(line.text, line.start or 0) for line in parse_lyrics(values[0]).lines]
            tags.add(make(encoding=3, lang="XXX", format=2, type=1, desc="", text=lines))
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


def _write_ogg(
    read: Callable[[Path], OggVorbis | OggOpus | OggFLAC | OggSpeex],
) -> Callable[[Path, Texts, bytes | None], None]:
    def write(path: Path, texts: Texts, picture: bytes | None) -> None:
        file = read(path)
        file.delete()
        for name, values in texts.items():
            file[TAGS[name].vorbis[0]] = values
        if picture is not None:
            file["METADATA_BLOCK_PICTURE"] = [b64encode(_picture_block(picture).write()).decode()]
        file.save()

    return write


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
        elif key in {"tmpo", "rtng", "©mvi"}:
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


def _write_ape(path: Path, texts: Texts, picture: bytes | None) -> None:
    with suppress(APENoHeaderError):
        APEv2(path).delete()
    tags = APEv2()
    for name, values in texts.items():
        tags[TAGS[name].ape[0]] = values
    if picture is not None:
        tags["Cover Art (Front)"] = APEValue(b"cover.jpg\x00" + picture, BINARY)
    if tags:
        tags.save(path)


def _write_asf(path: Path, texts: Texts, picture: bytes | None) -> None:
    file = ASF(path)
    file.delete(path)
    for name, values in texts.items():
        file[TAGS[name].asf[0]] = values
    if picture is not None:
        head = b"\x03" + len(picture).to_bytes(4, "little")
        head += "image/jpeg\x00\x00".encode("utf-16-le")
        file["WM/Picture"] = [ASFByteArrayAttribute(head + picture)]
    file.save()


_WRITERS = {
    ".mp3": _write_mp3,
    ".aac": _write_mp3,
    ".flac": _write_flac,
    ".ogg": _write_ogg(OggVorbis),
    ".opus": _write_ogg(OggOpus),
    ".oga": _write_ogg(OggFLAC),
    ".spx": _write_ogg(OggSpeex),
    ".m4a": _write_mp4,
    ".wma": _write_asf,
    ".wav": _write_id3_chunk(WAVE),
    ".aiff": _write_id3_chunk(AIFF),
    ".aifc": _write_id3_chunk(AIFF),
    ".ape": _write_ape,
    ".wv": _write_ape,
    ".mpc": _write_ape,
    ".dsf": _write_id3_chunk(DSF),
    ".dff": _write_id3_chunk(DSDIFF),
}
