"""Which video is a file that was read? One that was there before, or a new one."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import VIDEO, VideoId, make_id
from hydrophone.storage.queries import video_files
from hydrophone.storage.queries.video_files import KnownVideo


class VideoClue(Struct, frozen=True, kw_only=True):
    """What tells of a file which video it is."""

    path: str
    """No other file of the same batch has it."""
    fingerprint: str
    before: VideoId | None
    """The video that was at this place."""


class VideoIds:
    """Finds the ids of videos in one scan; each is given to one file alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gone: set[VideoId] = set()
        self._claimed: set[VideoId] = set()

    def lose(self, videos: Iterable[VideoId]) -> None:
        """Note that the files of these are gone: they may turn up elsewhere."""
        self._gone.update(videos)

    def identify(self, clues: Sequence[VideoClue]) -> list[KnownVideo | None]:
        """Return for each file the video that it was; `None` for one that is new.

        Equal content wins over an equal path, so that what was moved or renamed keeps its id; a
        file that has changed in its place keeps the place's. Only a video that has lost its file
        can turn up elsewhere: a copy is another video.
        """
        own = {clue.before for clue in clues if clue.before}
        fingerprints = {clue.fingerprint for clue in clues}
        known = video_files.with_fingerprints(self._connection, fingerprints, own)
        of_path = {one.id: one for one in known if one.id in own}
        found: dict[str, KnownVideo] = {}

        def claim(wanted: Callable[[VideoClue], KnownVideo | None]) -> None:
            for clue in clues:
                if clue.path in found:
                    continue
                one = wanted(clue)
                if one and one.id not in self._claimed:
                    self._claimed.add(one.id)
                    found[clue.path] = one

        def at_its_place(clue: VideoClue) -> KnownVideo | None:
            return of_path.get(clue.before) if clue.before else None

        def unchanged(clue: VideoClue) -> KnownVideo | None:
            one = at_its_place(clue)
            return one if one and one.fingerprint == clue.fingerprint else None

        def elsewhere(clue: VideoClue) -> KnownVideo | None:
            free = (
                one
                for one in known
                if one.fingerprint == clue.fingerprint
                and one.id not in self._claimed
                and (one.missing or one.id in self._gone or one.id in own)
            )
            return next(free, None)

        for wanted in (unchanged, elsewhere, at_its_place):
            claim(wanted)
        return [found.get(clue.path) for clue in clues]

    def new(self, fingerprint: str) -> VideoId:
        """Return the id that goes with a content; copies are numbered from 2."""
        ids = (
            VideoId(make_id(VIDEO, "local", fingerprint, *([str(n)] if n > 1 else [])))
            for n in count(1)
        )
        return next(one for one in ids if not video_files.is_taken(self._connection, one))
