"""Shares."""

from msgspec import UNSET, Raw, UnsetType

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class Share(Wire, frozen=True, kw_only=True):
    """An address by which anybody may listen, with its songs."""

    id: str
    url: str
    """Ends in `/share/` and the id: DSub puts its own address of the server before that."""
    description: str | UnsetType = UNSET
    username: str
    created: str
    expires: str | UnsetType = UNSET
    last_visited: str | UnsetType = UNSET
    visit_count: int
    entry: tuple[Child | Raw, ...]
    """`Raw` is one that is written already."""


class Shares(Wire, frozen=True, kw_only=True):
    """Those that the user manages."""

    share: tuple[Share, ...]
