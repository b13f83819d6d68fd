"""The playlists that the server makes for each user, of what he may see."""

from collections.abc import Sequence

from hydrophone.domain.made_playlist import COMMENTS, MadeKind, made_id, made_kind
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import Playlist, PlaylistWithTracks
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotPermittedError
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import made_playlists, remote
from hydrophone.storage.queries.made_playlists import Chosen
from hydrophone.storage.queries.tracks import TRACKS


class MadePlaylists:
    """Makes them anew each time that somebody looks; nothing of them is stored."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self, viewer: User) -> tuple[Playlist, ...]:
        """Return those of a user that are not empty."""
        found = [(await self._made(viewer, kind)).playlist for kind in MadeKind]
        return tuple(one for one in found if one.track_count)

    async def get(self, viewer: User, playlist_id: str) -> PlaylistWithTracks | None:
        """Return one of a user's own, empty or not; `None` if there is none with this id."""
        kind = made_kind(playlist_id, viewer.id)
        return None if kind is None else await self._made(viewer, kind)

    @staticmethod
    def refuse_change(viewer: User, playlist_id: str) -> None:
        """Raise NotPermittedError for one of a user's own."""
        kind = made_kind(playlist_id, viewer.id)
        if kind is not None:
            raise NotPermittedError(f"{kind} is made by the server: nobody can change it.")

    async def _made(self, viewer: User, kind: MadeKind) -> PlaylistWithTracks:
        chosen = await self._database.read(
            made_playlists.chosen, kind, viewer.id, viewer.libraries, self._clock.now()
        )
        tracks = await self._tracks(viewer, chosen.track_ids)
        return PlaylistWithTracks(playlist=_described(viewer, kind, chosen, tracks), tracks=tracks)

    async def _tracks(self, viewer: User, identifiers: Sequence[str]) -> tuple[Track, ...]:
        here = await self._database.read(TRACKS.by_ids, viewer.id, identifiers)
        lacking = [one for one in identifiers if one not in here]
        shown = (
            await self._database.read(remote.TRACKS.by_ids, viewer.id, lacking) if lacking else {}
        )
        found = (here.get(one) or shown.get(one) for one in identifiers)
        return tuple(one for one in found if one is not None)


def _described(viewer: User, kind: MadeKind, chosen: Chosen, tracks: Sequence[Track]) -> Playlist:
    identifier = made_id(kind, viewer.id)
    return Playlist(
        id=identifier,
        name=kind,
        comment=COMMENTS[kind],
        owner=viewer.name,
        track_count=len(tracks),
        duration=Seconds(sum(track.duration for track in tracks)),
        created=viewer.created,
        changed=chosen.changed,
        picture_id=identifier,
        is_made=True,
    )
