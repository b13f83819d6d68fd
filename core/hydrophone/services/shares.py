"""Shares: making, changing and ending the addresses under which anybody may listen."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from hydrophone.config import SharingConfig
from hydrophone.domain.ids import SHARE, ShareId, UserId, encode_id
from hydrophone.domain.share import Share, ShareWithTracks
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, UnsupportedError
from hydrophone.services.clock import Clock
from hydrophone.services.membership import Membership
from hydrophone.services.reading import by_ids, every_page
from hydrophone.services.share_contents import Parts, ShareContents
from hydrophone.storage.database import Database
from hydrophone.storage.queries import shares, users
from hydrophone.storage.queries.tracks import TRACKS

_BITS = 64
_DAY = 24 * 60 * 60 * 1000
_MAX_ITEMS = 1000
_MAX_DESCRIPTION = 1000
_MAX_SHARES = 500
_AT_ONCE = 20
"""Things that are read together: most albums have so few tracks that all have room in one read."""
_LAST = 253_402_300_799_999
"""9999-12-31, the last moment that clients can read."""


class Shares:
    """Everybody with the role `share` manages his own shares, an admin all."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        membership: Membership,
        contents: ShareContents,
        config: SharingConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._membership = membership
        self._contents = contents
        self._config = config

    async def all(self, viewer: User) -> AsyncIterator[ShareWithTracks]:
        """Yield the shares that a user manages, expired ones too, the newest first.

        Of somebody else's an admin is shown the tracks that he may see himself. Raises
        UnsupportedError if sharing is switched off.
        """
        self._check_enabled()
        owner = None if viewer.roles.admin else viewer.id
        found = await every_page(
            self._database, lambda connection, page: shares.of_owner(connection, owner, page)
        )
        owners = {one: await self._user(one) for one in dict.fromkeys(one for one, _ in found)}
        for some in _groups(found):
            known = await self._known(owners, some)
            for owner_id, share in some:
                yield await self._with_tracks(
                    viewer, owners[owner_id], share, known.get(owner_id, {})
                )

    async def create(
        self,
        viewer: User,
        item_ids: Sequence[str],
        description: str,
        expires: Timestamp | None,
    ) -> ShareWithTracks:
        """Share tracks, albums, artists, playlists, folders or libraries.

        `expires` is a moment, 0 for never, `None` for what the configuration says. Raises
        UnsupportedError if sharing is switched off, NotFoundError for unknown things,
        InvalidInputError for no or too much music, a description that is too long, an end that
        has passed (nobody could open the address that is handed out), or too many shares.
        """
        self._check_enabled()
        if len(item_ids) > _MAX_ITEMS:
            raise InvalidInputError(f"A share is made of at most {_MAX_ITEMS} things.")
        music = await self._contents.checked(viewer, item_ids)
        now = self._clock.now()
        if expires is None:
            expires = Timestamp(
                now + self._config.expire_days * _DAY if self._config.expire_days else 0
            )
        elif 0 < expires <= now:
            raise InvalidInputError("The time at which the share would end has passed.")
        share = Share(
            id=ShareId(encode_id(SHARE, secrets.randbits(_BITS))),
            owner=viewer.name,
            description=_checked_description(description),
            item_ids=tuple(item_ids),
            created=now,
            expires=_checked_end(expires),
        )

        def write(connection: Connection) -> None:
            if shares.count(connection, viewer.id) >= _MAX_SHARES:
                raise InvalidInputError(f"You have {_MAX_SHARES} shares: delete some first.")
            shares.add(connection, viewer.id, share)

        await self._database.write(write)
        return ShareWithTracks(share=share, tracks=music.tracks)

    async def edit(
        self, viewer: User, share_id: str, description: str | None, expires: Timestamp | None
    ) -> None:
        """Change the description, or the end (0 for never); `None` leaves it as it is.

        An end that has passed ends the share now; it can be opened again by another. Raises as
        `create` does, NotFoundError also for somebody else's.
        """
        self._check_enabled()

        def write(connection: Connection) -> None:
            share = _managed(connection, viewer, share_id)
            if description is not None:
                share = msgspec.structs.replace(
                    share, description=_checked_description(description)
                )
            if expires is not None:
                share = msgspec.structs.replace(share, expires=_checked_end(expires))
            shares.update(connection, share)

        await self._database.write(write)

    async def delete(self, viewer: User, share_id: str) -> None:
        """End a share. Raises UnsupportedError, and NotFoundError also for somebody else's."""
        self._check_enabled()

        def write(connection: Connection) -> None:
            shares.delete(connection, _managed(connection, viewer, share_id).id)

        await self._database.write(write)

    async def _user(self, user_id: UserId) -> User | None:
        account = await self._database.read(users.by_id, user_id)
        return None if account is None else self._membership.user(account)

    async def _known(
        self, owners: Mapping[UserId, User | None], some: Sequence[tuple[UserId, Share]]
    ) -> dict[UserId, Parts]:
        """Read together what is in some shares, for each owner as he sees it."""
        named: dict[UserId, list[str]] = {}
        for owner_id, share in some:
            named.setdefault(owner_id, []).extend(share.item_ids)
        return {
            owner_id: await self._contents.at_once(owner, item_ids)
            for owner_id, item_ids in named.items()
            if (owner := owners[owner_id]) is not None
        }

    async def _with_tracks(
        self, viewer: User, owner: User | None, share: Share, known: Parts
    ) -> ShareWithTracks:
        if owner is None:
            return ShareWithTracks(share=share, tracks=())
        tracks = (await self._contents.present(owner, share.item_ids, known)).tracks
        if owner.id != viewer.id:
            # With the viewer's own stars, and without what is in libraries of the owner alone.
            tracks = await by_ids(self._database, TRACKS, viewer, [one.id for one in tracks])
        return ShareWithTracks(share=share, tracks=tracks)

    def _check_enabled(self) -> None:
        if not self._config.enabled:
            raise UnsupportedError("Sharing is switched off on this server.")


def _managed(connection: Connection, viewer: User, share_id: str) -> Share:
    found = shares.one(connection, share_id)
    if found is None or not (found[0] == viewer.id or viewer.roles.admin):
        raise NotFoundError("There is no such share.")
    return found[1]


def _groups(found: Sequence[tuple[UserId, Share]]) -> Iterator[list[tuple[UserId, Share]]]:
    """Cut a list of shares where there are things enough to be read together."""
    some: list[tuple[UserId, Share]] = []
    count = 0
    for owner_id, share in found:
        count += len(share.item_ids)
        if some and count > _AT_ONCE:
            yield some
            some, count = [], len(share.item_ids)
        some.append((owner_id, share))
    if some:
        yield some


def _checked_description(description: str) -> str:
    description = description.strip()
    if len(description) > _MAX_DESCRIPTION:
        raise InvalidInputError(f"A description has up to {_MAX_DESCRIPTION} characters.")
    return description


def _checked_end(expires: Timestamp) -> Timestamp | None:
    if not 0 <= expires <= _LAST:
        raise InvalidInputError("This is no time at which a share could end.")
    return expires or None
