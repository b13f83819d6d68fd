"""Finds what lies beside a video and belongs to it by its name: captions and a picture."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from hydrophone.domain.ids import CAPTIONS, CaptionId, VideoId, make_id
from hydrophone.domain.m3u import readable
from hydrophone.domain.paths import escape_path
from hydrophone.domain.video import CaptionKind, CaptionTrack, SubtitleTrack
from hydrophone.scanner.plan import FolderVideos
from hydrophone.scanner.walk import COVER_SUFFIXES, FoundFile

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_MOST_CAPTIONS = 100
"""Of one video; films on discs have up to 32 streams of them."""


def captions_beside(folder: FolderVideos, file: FoundFile) -> list[str]:
    """Return the names of a video's captions in order: `film.srt`, `film.de.srt`.

    What could be of several videos is of the one that shares most of its name.
    """
    stems = sorted((_stem(video.name) for video in folder.files), key=len, reverse=True)
    own = _stem(file.name)

    def is_own(name: str) -> bool:
        stem = _stem(name)
        return own == next((s for s in stems if stem == s or stem.startswith(f"{s}.")), None)

    return [name for name in folder.captions if is_own(name)][:_MOST_CAPTIONS]


def picture_beside(folder: FolderVideos, file: FoundFile) -> FoundFile | None:
    """Return the picture that is called as a video is: `film.jpg`."""
    own = _stem(file.name)
    found = (picture for picture in folder.pictures if _stem(picture.name) == own)
    return min(found, key=lambda one: (COVER_SUFFIXES.index(one.suffix), one.name), default=None)


def signature(captions: Sequence[str], picture: FoundFile | None) -> str:
    """Write down what is beside a video, so that a change of it is seen."""
    known = [*captions, *([picture.name, *picture.stat] if picture else [])]
    return escape_path(":".join(map(str, known)))


def caption_tracks(
    video_id: VideoId,
    folder: FolderVideos,
    file: FoundFile,
    subtitles: Iterable[SubtitleTrack],
) -> Iterator[CaptionTrack]:
    """Yield all captions of a video: those beside it by name, then those in it."""
    own = _stem(file.name)
    names = captions_beside(folder, file)
    for name in names:
        path = os.path.join(folder.path, name)  # noqa: PTH118 - a str
        parts = _stem(name)[len(own) :].split(".")
        yield CaptionTrack(
            id=CaptionId(make_id(CAPTIONS, video_id, name)),
            kind=CaptionKind.SIDECAR,
            language=next((part for part in parts if _LANGUAGE.fullmatch(part)), ""),
            name=readable(name),
            path=escape_path(path),
        )
    for subtitle in list(subtitles)[: _MOST_CAPTIONS - len(names)]:
        yield CaptionTrack(
            id=CaptionId(make_id(CAPTIONS, video_id, "", str(subtitle.index))),
            kind=CaptionKind.EMBEDDED,
            language=subtitle.language,
            name=subtitle.name or subtitle.language or str(subtitle.index + 1),
            index=subtitle.index,
        )


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()
