"""Brings the videos of libraries up to date with their files, when their music is."""

import os
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import ArtworkId, LibraryId, VideoId
from hydrophone.domain.library import Library
from hydrophone.domain.m3u import readable
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import ByteCount, Kbps, Seconds, Timestamp
from hydrophone.domain.video import MAYBE_MUSIC, VIDEO_TYPES, Video, VideoFacts
from hydrophone.errors import MediaError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.covers import picture_id
from hydrophone.scanner.growing import Growing
from hydrophone.scanner.parse_video import ParsedVideo, VideoToRead
from hydrophone.scanner.plan import FolderVideos, Plan
from hydrophone.scanner.turns import Turns, chunks
from hydrophone.scanner.video_companions import (
    caption_tracks,
    captions_beside,
    picture_beside,
    signature,
)
from hydrophone.scanner.video_ids import VideoClue, VideoIds
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.queries import inventory, video_files
from hydrophone.storage.queries.native_ids import native_id
from hydrophone.storage.queries.video_files import KnownVideo, VideoFileRecord

_VERSION = 1
"""Raised whenever more, or something else, is read from videos: the next scan reads all anew."""
_BATCH = 20
"""Files after which what was read is written; two that have exchanged their names are in one."""
_MEMORY = 1024 * 1024 * 1024
"""Address space of a worker together with ffmpeg, whose libraries alone take 300 MB of it."""
_GRACE = 5.0
"""Seconds that a worker has more than the ffmpeg in it, so that it can say what has happened."""


class _Candidate(Struct, frozen=True, kw_only=True):
    """A file that is to be read."""

    library: Library
    folder: FolderVideos
    file: FoundFile
    path: str
    """Relative to the root, as `os` gives it."""
    before: VideoFileRecord | None


class _Read(Struct, frozen=True, kw_only=True):
    """A video with its file."""

    candidate: _Candidate
    parsed: ParsedVideo


class VideoImport:
    """Looks at what walks have found in all libraries of one scan; makes its counts as it goes."""

    def __init__(
        self,
        connection: Connection,
        plans: Sequence[tuple[Library, Plan]],
        *,
        ffmpeg: str,
        full: bool,
        time_limit: Seconds,
        growing: Mapping[LibraryId, Growing],
        turns: Turns,
        now: Timestamp,
    ) -> None:
        self._connection = connection
        self._plans = plans
        self._ffmpeg = ffmpeg
        self._full = full
        self._time_limit = time_limit
        self._growing = growing
        self._turns = turns
        self._now = now
        # One that was read with ffmpeg is not read again when there is none.
        self._reading = _VERSION * 2 + bool(ffmpeg)
        self._ids = VideoIds(connection)
        self.counts = dict.fromkeys(("added", "changed", "moved", "missing", "unchanged"), 0)
        """By the names that they have in a scan's summary."""

    def run(self) -> None:
        """Read what is new or has changed, and mark what is gone. Blocks for as long as it takes.

        A video that cannot be read is noted with its reason. Raises UnavailableError if no worker
        process can be started.
        """
        gone: dict[LibraryId, list[str]] = {}
        candidates = [
            candidate
            for library, plan in self._plans
            for candidate in self._candidates(library, plan, gone)
        ]
        with Worker[ParsedVideo](
            "hydrophone.scanner.parse_video:parse_video", answer=ParsedVideo, memory=_MEMORY
        ) as worker:
            for batch in chunks(candidates, _BATCH):
                self._write(self._read(worker, batch))
        with self._turns.transaction():
            for library_id, paths in gone.items():
                video_files.forget(self._connection, library_id, paths)
            self.counts["missing"] = video_files.mark_missing(self._connection, self._now)

    def _candidates(
        self, library: Library, plan: Plan, gone: dict[LibraryId, list[str]]
    ) -> Iterator[_Candidate]:
        """Yield what is to be read, and note what is gone."""
        if not plan.videos:
            return
        known = video_files.known(self._connection, library.id)
        looked_at = {path for path in known if path.rpartition("/")[0] in plan.videos}
        for path, folder, file in self._found(library, plan.videos):
            before = known.get(escape_path(path))
            looked_at.discard(escape_path(path))
            if self._full or before is None or self._has_changed(before, folder, file):
                yield _Candidate(
                    library=library, folder=folder, file=file, path=path, before=before
                )
            else:
                self.counts["unchanged"] += file.suffix != MAYBE_MUSIC
        gone[library.id] = sorted(looked_at)
        videos = (known[path].video_id for path in looked_at)
        self._ids.lose(video_id for video_id in videos if video_id)

    def _found(
        self, library: Library, folders: Mapping[str, FolderVideos]
    ) -> Iterator[tuple[str, FolderVideos, FoundFile]]:
        """Yield path, folder and file of all videos; what turned out to be music is none."""
        found = [
            (os.path.join(folder.path, file.name), folder, file)  # noqa: PTH118 - a str
            for _, folder in sorted(folders.items())
            for file in sorted(folder.files, key=lambda file: file.name)
        ]
        names = {
            path: native_id(library.id, path)
            for path, _, file in found
            if file.suffix == MAYBE_MUSIC
        }
        videos = video_files.without_music(self._connection, names.values())
        for path, folder, file in found:
            if path not in names or names[path] in videos:
                yield path, folder, file

    def _has_changed(self, before: VideoFileRecord, folder: FolderVideos, file: FoundFile) -> bool:
        return (
            before.stat != file.stat
            or before.reading < self._reading
            or before.beside != _signature(folder, file)
        )

    def _read(
        self, worker: Worker[ParsedVideo], batch: Sequence[_Candidate]
    ) -> list[tuple[_Candidate, ParsedVideo | MediaError]]:
        """Return the files with what was read of them, but for those that are being written."""
        wanted = [
            VideoToRead(
                path=os.fsencode(_absolute(candidate)),
                ffmpeg=self._ffmpeg,
                time_limit=self._time_limit,
            )
            for candidate in batch
        ]
        answers = worker.map(wanted, timeout=self._time_limit + _GRACE)
        return [
            (candidate, answer)
            for candidate, (_, answer) in zip(batch, answers, strict=True)
            if not self._growing[candidate.library.id].is_growing(
                candidate.file, candidate.path, is_new=candidate.before is None
            )
            # A disk that was unmounted since the walk has no unreadable files.
            and candidate.file.is_at(_absolute(candidate))
        ]

    def _write(self, results: Sequence[tuple[_Candidate, ParsedVideo | MediaError]]) -> None:
        videos: list[_Read] = []
        with self._turns.transaction():
            for candidate, answer in results:
                if not isinstance(answer, MediaError) and answer.facts.has_video:
                    videos.append(_Read(candidate=candidate, parsed=answer))
                else:
                    # What has nothing but sound is no video, and there is nothing to say of it.
                    problem = str(answer) if isinstance(answer, MediaError) else ""
                    self._put_file(candidate, None, problem)
            clues = [
                VideoClue(
                    path=_absolute(read.candidate),
                    fingerprint=read.parsed.fingerprint,
                    before=read.candidate.before.video_id if read.candidate.before else None,
                )
                for read in videos
            ]
            for read, known in zip(videos, self._ids.identify(clues), strict=True):
                self._put(read, known)

    def _put(self, read: _Read, known: KnownVideo | None) -> None:
        candidate, facts = read.candidate, read.parsed.facts
        video_id = known.id if known else self._ids.new(read.parsed.fingerprint)
        before = candidate.before
        if known is None:
            self.counts["added"] += 1
        elif before is None or before.video_id != known.id:
            self.counts["moved"] += 1
        else:
            self.counts["changed"] += 1
        video = Video(
            id=video_id,
            title=readable(candidate.file.name.rpartition(".")[0]),
            library_id=candidate.library.id,
            folder_id=candidate.folder.folder_id,
            path=escape_path(candidate.path),
            size=ByteCount(candidate.file.stat[0]),
            suffix=candidate.file.suffix,
            content_type=VIDEO_TYPES[candidate.file.suffix],
            duration=facts.duration,
            bit_rate=_bit_rate(facts, candidate.file.stat[0]),
            width=facts.width,
            height=facts.height,
            frame_rate=facts.frame_rate,
            video_codec=facts.video_codec,
            audio_tracks=facts.audio_tracks,
            captions=tuple(
                caption_tracks(video_id, candidate.folder, candidate.file, facts.subtitles)
            ),
            artwork_id=self._put_picture(candidate),
            created=known.created if known else self._came(candidate.file),
        )
        video_files.put_video(self._connection, video, read.parsed.fingerprint)
        self._put_file(candidate, video_id)

    def _came(self, file: FoundFile) -> Timestamp:
        """Say when a new file came: its own time, which a database made anew finds again."""
        return Timestamp(min(file.stat[1] // 1_000_000, self._now))

    def _put_picture(self, candidate: _Candidate) -> ArtworkId | None:
        picture = picture_beside(candidate.folder, candidate.file)
        if picture is None:
            return None
        path = os.path.join(candidate.folder.path, picture.name)  # noqa: PTH118 - a str
        try:
            identifier = picture_id(os.path.join(candidate.library.path, path))  # noqa: PTH118 - a str
        except MediaError:
            return None
        pictures = {identifier: escape_path(path)}
        inventory.put_artwork(self._connection, candidate.library.id, pictures)
        return identifier

    def _put_file(self, candidate: _Candidate, video_id: VideoId | None, problem: str = "") -> None:
        record = VideoFileRecord(
            library_id=candidate.library.id,
            path=escape_path(candidate.path),
            video_id=video_id,
            stat=candidate.file.stat,
            beside=_signature(candidate.folder, candidate.file),
            reading=self._reading,
            problem=problem,
        )
        video_files.put(self._connection, record)


def _absolute(candidate: _Candidate) -> str:
    return os.path.join(candidate.library.path, candidate.path)  # noqa: PTH118 - a str


def _signature(folder: FolderVideos, file: FoundFile) -> str:
    return signature(captions_beside(folder, file), picture_beside(folder, file))


def _bit_rate(facts: VideoFacts, size: int) -> Kbps:
    if facts.bit_rate or not facts.duration:
        return facts.bit_rate
    return Kbps(round(size * 8 / facts.duration / 1000))
