"""Gets albums that are wanted, by ways of its own and in its own time."""

from enum import StrEnum
from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct


class WantedAlbum(Struct, frozen=True, kw_only=True):
    """What is to be got."""

    title: str
    artists: tuple[str, ...]
    year: int = 0
    """0 if unknown."""
    musicbrainz_id: str = ""
    """MusicBrainz release id."""
    release_group_id: str = ""
    track_titles: tuple[str, ...] = ()
    """In order; empty if unknown."""


class AcquisitionState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AcquisitionTicket(Struct, frozen=True, kw_only=True):
    """What to ask by later on."""

    ticket: Annotated[str, Meta(min_length=1, max_length=500)]


class AcquisitionStatus(Struct, frozen=True, kw_only=True):
    """How an acquisition stands."""

    state: AcquisitionState
    done: Annotated[float, Meta(ge=0, le=1)] = 0.0
    sentence: str = ""
    """For the one who wants it."""


@runtime_checkable
class Acquirer(Protocol):
    """Brings music into a library folder, where the next scan finds it."""

    async def acquire(self, request: WantedAlbum) -> AcquisitionTicket | None:
        """Begin; `None` if it was asked and cannot get this. Asking twice begins once."""
        ...

    async def status(self, request: AcquisitionTicket) -> AcquisitionStatus | None:
        """Say how it stands; `None` for a ticket that is not known."""
        ...
