"""Videos as users see them: single ones, those of some libraries, those of a folder."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, select

from hydrophone.domain.ids import FolderId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.video import Video
from hydrophone.storage.queries.annotated import Annotated
from hydrophone.storage.queries.json_list import Numbers
from hydrophone.storage.tables.video import video, video_caption, video_file

VIDEOS = Annotated(video, Video, known=video.c.hidden.is_(False))


def is_there(libraries: Numbers) -> ColumnElement[bool]:
    """Say that a video can be watched and lies in one of these libraries."""
    return and_(video.c.missing_since.is_(None), video.c.library_id.in_(libraries))


def listing(
    connection: Connection, user_id: UserId, libraries: Collection[int], page: Page
) -> tuple[Video, ...]:
    """Return the videos of these libraries that can be watched, by title."""
    statement = (
        VIDEOS.select(user_id)
        .where(is_there(libraries))
        .order_by(video.c.sort_key, video.c.row)
        .limit(page.size)
        .offset(page.offset)
    )
    return VIDEOS.all(connection, statement)


def in_folder(
    connection: Connection, user_id: UserId, folder_id: FolderId, page: Page
) -> tuple[Video, ...]:
    """Return the videos whose files lie directly in a folder, by title."""
    statement = (
        VIDEOS.select(user_id)
        .where(video.c.folder_id == folder_id, video.c.missing_since.is_(None))
        .order_by(video.c.sort_key, video.c.row)
        .limit(page.size)
        .offset(page.offset)
    )
    return VIDEOS.all(connection, statement)


def local_file(connection: Connection, video_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped path) of a video's file; `None` if it has none now."""
    row = connection.execute(
        select(video_file.c.library_id, video_file.c.path).where(video_file.c.video_id == video_id)
    ).first()
    return None if row is None else (row.library_id, row.path)


def of_caption(connection: Connection, libraries: Collection[int], caption_id: str) -> str | None:
    """Return the id of the video in these libraries that captions belong to; `None` without."""
    statement = (
        select(video_caption.c.video_id)
        .join(video, video.c.id == video_caption.c.video_id)
        .where(
            video_caption.c.id == caption_id,
            video.c.library_id.in_(libraries),
            video.c.hidden.is_(False),
        )
    )
    return connection.execute(statement).scalar_one_or_none()
