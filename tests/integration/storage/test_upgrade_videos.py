"""The first schema that had videos, with some in it: they stay what they are for their users."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from hydrophone.domain.ids import CaptionId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.video import CaptionKind, CaptionTrack
from hydrophone.storage.connection import connect
from hydrophone.storage.queries import videos
from hydrophone.storage.upgrade import upgrade
from hydrophone.testing.factories import make_video

TEA = make_video(
    "Tea",
    captions=(CaptionTrack(id=CaptionId("ca-tea"), kind=CaptionKind.EMBEDDED, name="fre"),),
)


def test_videos_keep_their_files_captions_and_stars(
    tmp_path: Path, schema_of: Callable[[str], Path]
) -> None:
    path = schema_of("0017")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Films', '/films')")
        connection.execute(
            "INSERT INTO user (id, name, name_key, password_hash, roles, created)"
            " VALUES (1, 'Anna', 'anna', '', '{}', 1)"
        )
        connection.execute(
            "INSERT INTO video (id, library_id, folder_id, fingerprint, sort_key, document)"
            " VALUES (?, 1, ?, 'f', 'tea', ?)",
            (TEA.id, TEA.folder_id, msgspec.json.encode(TEA).decode()),
        )
        connection.execute(
            "INSERT INTO video_file (library_id, path, video_id, size, mtime_ns, ctime_ns, beside,"
            " reading) VALUES (1, 'Films/Tea.mkv', ?, 5, 1, 1, '', 1)",
            (TEA.id,),
        )
        connection.execute("INSERT INTO video_caption VALUES ('ca-tea', ?)", (TEA.id,))
        connection.execute(
            "INSERT INTO annotation (user_id, item_id, starred, rating) VALUES (1, ?, 7, 4)",
            (TEA.id,),
        )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with connect(path, durable=False) as new:
        [found] = videos.listing(new, UserId(1), [1], Page(offset=0, size=5))
        assert (found.annotation.starred, found.annotation.rating) == (7, 4)
        assert msgspec.structs.replace(found, annotation=TEA.annotation) == msgspec.structs.replace(
            TEA, average_rating=4.0
        )
        assert videos.local_file(new, TEA.id) == (1, "Films/Tea.mkv")
        assert videos.of_caption(new, [1], "ca-tea") == TEA.id
