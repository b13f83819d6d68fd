"""Videos for the endpoints that show them: rows and one file of captions, and no films."""

from pathlib import Path

from sqlalchemy import select

from hydrophone.domain.ids import (
    CAPTIONS,
    VIDEO,
    CaptionId,
    FolderId,
    LibraryId,
    VideoId,
    encode_id,
)
from hydrophone.domain.units import ByteCount, Kbps, Seconds, Timestamp
from hydrophone.domain.video import AudioTrack, CaptionKind, CaptionTrack, Video
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import video_files
from hydrophone.storage.queries.video_files import VideoFileRecord
from hydrophone.storage.tables.library import library

_VIDEOS = 500
_CUES = 1500
"""Of captions: as many as a film of two hours has."""
_CAPTIONS = "film.en.srt"


def video_folder(path: Path) -> Path:
    """Make a folder that a library may have, with the captions of all its films."""
    path.mkdir()
    cues = (
        f"{number + 1}\n00:{number // 60:02}:{number % 60:02},000 --> "
        f"00:{number // 60:02}:{number % 60:02},900\nWhat they say at second {number}.\n\n"
        for number in range(_CUES)
    )
    (path / _CAPTIONS).write_text("".join(cues))
    return path


def add_videos(database: Path, folder: Path) -> None:
    """Write films into the library of a folder, as a scan would that had found them there.

    After the scan at the start, which would miss their files.
    """
    with connect(database, durable=False) as connection, transaction(connection):
        found = connection.execute(select(library.c.id).where(library.c.name == folder.name))
        library_id = LibraryId(found.scalar_one())
        for number in range(_VIDEOS):
            film = _film(library_id, number)
            video_files.put_video(connection, film, film.id)
            record = VideoFileRecord(
                library_id=library_id,
                path=film.path,
                video_id=film.id,
                stat=(film.size, 0, 0),
                beside="",
                reading=0,
            )
            video_files.put(connection, record)


def _film(library_id: LibraryId, number: int) -> Video:
    return Video(
        id=VideoId(encode_id(VIDEO, number)),
        title=f"Film {number}",
        library_id=library_id,
        folder_id=FolderId("fo-films"),
        path=f"Film {number}.mkv",
        size=ByteCount(4_000_000_000),
        suffix="mkv",
        content_type="video/x-matroska",
        duration=Seconds(7200.0),
        bit_rate=Kbps(4500),
        width=1920,
        height=1080,
        frame_rate=23.98,
        video_codec="h264",
        audio_tracks=tuple(
            AudioTrack(index=index, language=language, codec="ac3")
            for index, language in enumerate(("eng", "ger", "fre"))
        ),
        captions=(
            CaptionTrack(
                id=CaptionId(encode_id(CAPTIONS, number)),
                kind=CaptionKind.SIDECAR,
                language="en",
                name=_CAPTIONS,
                path=_CAPTIONS,
            ),
        ),
        created=Timestamp(1_600_000_000_000),
    )
