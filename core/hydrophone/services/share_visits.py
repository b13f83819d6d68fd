"""Visits of shares: what somebody without an account gets who knows a share's id."""

from collections.abc import Callable

from hydrophone.config import SharingConfig
from hydrophone.domain.ids import SHARE, kind_of
from hydrophone.domain.media import Picture, StreamRequest
from hydrophone.domain.share import OpenShare
from hydrophone.domain.user import User
from hydrophone.errors import GoneError, NotFoundError
from hydrophone.services.artwork import ArtworkService
from hydrophone.services.clock import Clock
from hydrophone.services.downloads import Archive, Downloads
from hydrophone.services.membership import Membership
from hydrophone.services.share_contents import ShareContents
from hydrophone.services.streaming import Audio, Streaming
from hydrophone.storage.database import Database
from hydrophone.storage.queries import shares, users

CLIENT = "share"
"""What visitors' browsers are called in transcoding rules."""


class ShareVisits:
    """Opens shares with the rights that their owners have at this moment, and no others."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        membership: Membership,
        contents: ShareContents,
        streaming: Streaming,
        artwork: ArtworkService,
        downloads: Downloads,
        config: SharingConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._membership = membership
        self._contents = contents
        self._streaming = streaming
        self._artwork = artwork
        self._downloads = downloads
        self._config = config

    async def visit(self, share_id: str) -> OpenShare:
        """Open a share to be looked at, and count that.

        Raises NotFoundError if there is none, or no sharing at all; GoneError if it has ended, or
        its owner may not share any of it any more.
        """
        _, found = await self._open(share_id)
        await self._database.write(shares.visit, found.share.id, self._clock.now())
        return found

    async def look(self, share_id: str) -> OpenShare:
        """Open a share without counting it. Raises as `visit` does."""
        return (await self._open(share_id))[1]

    async def stream(
        self, share_id: str, track_id: str, format_: str
    ) -> tuple[Audio, Callable[[str, bool], bool]]:
        """Open a track of a share, in a format, or as it is if that is empty.

        What is converted comes with an estimate of its length, so that browsers can seek in it.
        The second is `Streaming.goes_on` of it; all visitors count as one listener.

        The limits and rules of the owner hold, and rules for the app `share`. Raises as `visit`
        does, NotFoundError for a track that is not in the share, and as `Streaming.open`.
        """
        owner = await self._owner_of_track(share_id, track_id)
        request = StreamRequest(format=format_, client=CLIENT, estimated=True)
        audio = await self._streaming.open(owner, track_id, request)
        return audio, self._streaming.goes_on(owner, track_id, request)

    async def download(self, share_id: str, track_id: str) -> Audio:
        """Open a track's file as it is. Raises as `stream` does; NotFoundError if not allowed."""
        owner, found = await self._open(share_id)
        if not found.may_download:
            raise NotFoundError("There are no downloads here.")
        _check_track(found, track_id)
        return await self._streaming.original(owner, track_id)

    async def download_all(self, share_id: str) -> Archive:
        """Open all files of a share as one archive. Raises as `download` does."""
        owner, found = await self._open(share_id)
        if not found.may_download:
            raise NotFoundError("There are no downloads here.")
        name = found.music.title or found.share.description or found.share.id
        return await self._downloads.archive_of(owner, name, found.music.tracks)

    async def cover(self, share_id: str, track_id: str, size: int) -> Picture:
        """Return the picture of a track of a share; an empty id means the whole share's.

        Raises as `stream` does.
        """
        owner, found = await self._open(share_id)
        if track_id:
            _check_track(found, track_id)
            return await self._artwork.picture(owner, track_id, size)
        only = found.share.item_ids[0] if len(found.share.item_ids) == 1 else ""
        subject = only if kind_of(only) else found.music.tracks[0].id
        return await self._artwork.picture(owner, subject, size)

    async def _owner_of_track(self, share_id: str, track_id: str) -> User:
        owner, found = await self._open(share_id)
        _check_track(found, track_id)
        return owner

    async def _open(self, share_id: str) -> tuple[User, OpenShare]:
        known = None
        if self._config.enabled and kind_of(share_id) == SHARE:
            known = await self._database.read(shares.one, share_id)
        if known is None:
            raise NotFoundError("There is no such share.")
        owner_id, share = known
        account = await self._database.read(users.by_id, owner_id)
        if share.expires is not None and share.expires <= self._clock.now():
            raise GoneError("This share has ended.")
        # The owner is deleted with his shares; in between two reads it may happen.
        if account is None or not (account.roles.share and account.roles.stream):
            raise GoneError("This share has been withdrawn.")
        owner = self._membership.user(account)
        music = await self._contents.present(owner, share.item_ids)
        if not music.tracks:
            raise GoneError("What was shared here is gone.")
        may_download = self._config.downloads and owner.roles.download
        return owner, OpenShare(share=share, music=music, may_download=may_download)


def _check_track(found: OpenShare, track_id: str) -> None:
    if all(track.id != track_id for track in found.music.tracks):
        raise NotFoundError("There is no such track in this share.")
