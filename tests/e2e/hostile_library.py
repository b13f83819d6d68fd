"""Makes a folder full of odd, broken and hostile files."""

import os
import socket
import struct
import zlib
from contextlib import chdir
from pathlib import Path

from hydrophone.testing.audio_files import make_audio

CUT = ("mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff", "wma", "wv", "ape", "mpc", "dsf", "dff")
SHARES = (0.01, 0.1, 0.4, 0.6, 0.8)
ODD_NAMES = (
    b"new\nline.mp3",
    b"caf\xe9 \xff.mp3",
    b"-i.mp3",
    b"-rf.mp3",
    b" .mp3",
    b"   ..  .mp3",
    b"%s{0}$(id)`id`.mp3",
    b"back\\slash.mp3",
    b"x" * 251 + b".mp3",
    "\u202egnp.mp3".encode(),
)
BOMB = "bomb"


def _huge_png() -> bytes:
    """Make 20 KB that say they are 13,000 x 13,000 pixels, and are."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 13_000, 13_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((1 + 13_000 // 8) * 13_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _id3(*frames: tuple[bytes, bytes]) -> bytes:
    """Make an ID3v2.3 tag of frames as they are, however wrong."""
    body = b"".join(name + struct.pack(">IH", len(data), 0) + data for name, data in frames)
    size = len(body)
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def _odd_tags(folder: Path, sound: bytes) -> None:
    folder.mkdir()
    tags = {
        "long": (b"TIT2", b"\x00" + b"T" * 4000),
        "control": (
            b"TIT2",
            b"\x01\xff\xfe" + "a\x01b\x0b\ufffe\uffffc\x1b[31m".encode("utf-16-le"),
        ),
        "surrogates": (b"TIT2", b"\x01\xff\xfe" + b"a\x00" + b"\x00\xd8" + b"b\x00" + b"\x00\xdc"),
        "nothing": (b"TIT2", b""),
        "huge": (b"COMM", b"\x00eng\x00" + b"c" * 50_000_000),
        "markup": (b"TIT2", b"\x00<a href='x'>&amp;]]></a>"),
    }
    for number, (name, frame) in enumerate(tags.items()):
        audio = sound[:-1] + bytes([number])
        (folder / f"{name}.mp3").write_bytes(_id3(frame) + audio)


def _disguised(folder: Path, sound: bytes, secret: Path) -> None:
    """Write what ffmpeg would take for lists of other files, if it were asked."""
    folder.mkdir()
    lists = {
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode(),
    }
    for number, (name, text) in enumerate(lists.items()):
        (folder / f"{name}.mp3").write_bytes(text)
        # What our own reader takes for music.
        audio = sound[:-2] + b"x" + bytes([number])
        (folder / f"{name} and music.mp3").write_bytes(text + audio)
    (folder / "text.mp3").write_text("Not a song at all.\n" * 500)
    (folder / "empty.mp3").touch()
    make_audio(folder / "really.flac", frequency=777, seconds=0.3).rename(folder / "named.mp3")


def _links(root: Path, outside: Path, sound: bytes) -> None:
    folder = root / "links"
    folder.mkdir()
    (folder / "loop").symlink_to(root)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "itself.mp3").symlink_to(folder / "itself.mp3")
    (folder / "dangling.mp3").symlink_to(root / "nowhere.mp3")
    (folder / "passwd.mp3").symlink_to("/etc/passwd")
    (folder / "cover.jpg").symlink_to("/etc/passwd")
    (folder / "song.mp3").write_bytes(sound[:-2] + b"li")
    (folder / "song.lrc").symlink_to("/etc/passwd")
    (folder / "song.cue").symlink_to("/etc/passwd")
    make_audio(outside / "album/there.mp3", frequency=1234, seconds=0.3)
    (folder / "music elsewhere").symlink_to(outside / "album")


def _special(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "pipe.mp3")
    os.mkfifo(folder / "cover.png")
    (folder / "zero.mp3").symlink_to("/dev/zero")
    (folder / "folder.mp3").mkdir()
    with socket.socket(socket.AF_UNIX) as listening, chdir(folder):
        # By its name alone: the address of a socket has 108 bytes.
        listening.bind("socket.mp3")
    for suffix, begin in (("mp3", b""), ("flac", b"fLaC"), ("wav", b"RIFF\xff\xff\xff\x7fWAVE")):
        with (folder / f"sparse.{suffix}").open("wb") as file:
            file.write(begin)
            file.truncate(10 * 1024**3)


def _deep_tree(root: Path, sound: bytes, levels: int) -> None:
    """Make folders within folders, until the path is longer than the kernel takes."""
    at = os.open(root, os.O_RDONLY)
    for level in range(levels):
        name = f"level {level:04}"
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
        if level in (50, 300):
            path = os.open(f"{level}.mp3", os.O_WRONLY | os.O_CREAT, dir_fd=at)
            os.write(path, sound[:-3] + b"d" + level.to_bytes(2, "big"))
            os.close(path)
    os.close(at)


def make_hostile_library(base: Path) -> Path:
    """Make the folder within another; return it."""
    root = base / "music"
    sound = make_audio(root / "fine/fine.mp3", seconds=0.3).read_bytes()
    for suffix in CUT:
        content = make_audio(base / f"whole.{suffix}", seconds=1.0).read_bytes()
        for share in SHARES:
            path = root / "cut" / f"{share}.{suffix}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content[: max(1, int(len(content) * share))])
    (root / "odd").mkdir()
    for number, name in enumerate(ODD_NAMES):
        (root / "odd" / os.fsdecode(name)).write_bytes(sound[:-2] + b"o" + bytes([number]))
    picture = _huge_png()
    assert len(picture) < 30_000
    make_audio(root / BOMB / "beside.mp3", frequency=900, seconds=0.3)
    (root / BOMB / "cover.jpg").write_bytes(picture)
    make_audio(root / "embedded/in.mp3", frequency=950, seconds=0.3, picture=picture)
    secret = make_audio(base / "secret.wav", frequency=80, seconds=30.0)
    _odd_tags(root / "tags", sound)
    _disguised(root / "disguised", sound, secret)
    _links(root, base / "outside", sound)
    _special(root / "special")
    _deep_tree(root, sound, 500)
    return root
