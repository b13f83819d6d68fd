"""Writes the tags of the demo files, each format in its own way.

Names follow the common practice of taggers (MusicBrainz Picard's tag mapping): Vorbis
comments in FLAC, Ogg Vorbis and Opus, ID3v2.4 in MP3, iTunes atoms in M4A.
"""

import base64
from collections.abc import Callable
from pathlib import Path

from mutagen import id3
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.ogg import OggFileType
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from hydrophone.demo.catalogue import DemoAlbum, DemoTrack

COMMENT = "Synthesised by Hydrophone; public domain"
_RELEASED = "2026"
"""When the recordings were made; the date of composition is the original date."""
_FRONT_COVER = 3
"""Picture type in FLAC and ID3."""
_UTF8 = 3
"""Text encoding in ID3v2.4."""


def write_tags(path: Path, album: DemoAlbum, track: DemoTrack, cover: bytes | None) -> None:
    """Tag a file whose format is that of the track's suffix, whatever its own name ends in."""
    _WRITERS[track.suffix](path, album, track, cover)


def _number(album: DemoAlbum, track: DemoTrack) -> int:
    return album.tracks.index(track) + 1


def _comments(album: DemoAlbum, track: DemoTrack) -> dict[str, str]:
    comments = {
        "TITLE": track.title,
        "ARTIST": track.composer,
        "ALBUMARTIST": album.artist,
        "ALBUM": album.title,
        "TRACKNUMBER": str(_number(album, track)),
        "TRACKTOTAL": str(len(album.tracks)),
        "DISCNUMBER": "1",
        "DISCTOTAL": "1",
        "DATE": _RELEASED,
        "ORIGINALDATE": str(track.year),
        "GENRE": track.genre,
        "COMPOSER": track.composer,
        "COMMENT": COMMENT,
    }
    if album.is_compilation:
        comments["COMPILATION"] = "1"
    return comments


def _picture(cover: bytes) -> Picture:
    picture = Picture()
    picture.type = _FRONT_COVER
    picture.mime = "image/jpeg"
    picture.data = cover
    return picture


def _tag_flac(path: Path, album: DemoAlbum, track: DemoTrack, cover: bytes | None) -> None:
    file = FLAC(path)
    file.update(_comments(album, track))
    if cover is not None:
        file.add_picture(_picture(cover))
    file.save()


def _tag_ogg(path: Path, album: DemoAlbum, track: DemoTrack, cover: bytes | None) -> None:
    file: OggFileType = (OggOpus if track.suffix == "opus" else OggVorbis)(path)
    file.update(_comments(album, track))
    if cover is not None:
        block = _picture(cover).write()
        file["METADATA_BLOCK_PICTURE"] = base64.b64encode(block).decode("ascii")
    file.save()


def _tag_mp3(path: Path, album: DemoAlbum, track: DemoTrack, cover: bytes | None) -> None:
    tags = id3.ID3()
    texts: dict[type[id3.TextFrame], str] = {
        id3.TIT2: track.title,
        id3.TPE1: track.composer,
        id3.TPE2: album.artist,
        id3.TALB: album.title,
        id3.TRCK: f"{_number(album, track)}/{len(album.tracks)}",
        id3.TPOS: "1/1",
        id3.TDRC: _RELEASED,
        id3.TDOR: str(track.year),
        id3.TCON: track.genre,
        id3.TCOM: track.composer,
    }
    if album.is_compilation:
        texts[id3.TCMP] = "1"
    for frame, text in texts.items():
        tags.add(frame(encoding=_UTF8, text=[text]))
    tags.add(id3.COMM(encoding=_UTF8, lang="eng", desc="", text=[COMMENT]))
    if cover is not None:
        tags.add(
            id3.APIC(encoding=_UTF8, mime="image/jpeg", type=_FRONT_COVER, desc="", data=cover)
        )
    tags.save(path)


def _tag_m4a(path: Path, album: DemoAlbum, track: DemoTrack, cover: bytes | None) -> None:
    file = MP4(path)
    file["\xa9nam"] = track.title
    file["\xa9ART"] = track.composer
    file["aART"] = album.artist
    file["\xa9alb"] = album.title
    file["trkn"] = [(_number(album, track), len(album.tracks))]
    file["disk"] = [(1, 1)]
    file["\xa9day"] = _RELEASED
    file["----:com.apple.iTunes:ORIGINALDATE"] = MP4FreeForm(str(track.year).encode())
    file["\xa9gen"] = track.genre
    file["\xa9wrt"] = track.composer
    file["\xa9cmt"] = COMMENT
    file["cpil"] = album.is_compilation
    if cover is not None:
        file["covr"] = [MP4Cover(cover, imageformat=MP4Cover.FORMAT_JPEG)]
    file.save()


_WRITERS: dict[str, Callable[[Path, DemoAlbum, DemoTrack, bytes | None], None]] = {
    "flac": _tag_flac,
    "ogg": _tag_ogg,
    "opus": _tag_ogg,
    "mp3": _tag_mp3,
    "m4a": _tag_m4a,
}
