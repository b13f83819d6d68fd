"""Users, what they may do, and how they prove who they are."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.units import Kbps, Timestamp

MAX_NAME = 100
"""Characters of a user's name."""


class LoginMechanism(StrEnum):
    """A way to prove who one is."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    TOKEN = "token"  # noqa: S105 - as above
    API_KEY = "api_key"


class Roles(Struct, frozen=True, kw_only=True):
    """What a user may do; the words are Subsonic's (getUser)."""

    admin: bool = False
    settings: bool = True
    stream: bool = True
    jukebox: bool = False
    download: bool = True
    upload: bool = False
    playlist: bool = True
    cover_art: bool = False
    comment: bool = False
    podcast: bool = False
    share: bool = False
    video_conversion: bool = False


class User(Struct, frozen=True, kw_only=True):
    """Somebody with an account."""

    id: UserId
    name: str
    """As written when the account was made; compared case-insensitively."""
    email: str = ""
    roles: Roles = Roles()
    libraries: tuple[LibraryId, ...]
    """The libraries that this user may see, in the order of the configuration."""
    max_bit_rate: Kbps = Kbps(0)
    """Upper limit for streams; 0 = none."""
    avatar_changed: Timestamp | None = None
    """When the user's picture was set or taken away; `None` if there never was one."""
    created: Timestamp


class AccountChanges(Struct, frozen=True, kw_only=True):
    """What is to change of an account; all else stays."""

    grant: frozenset[str] = frozenset()
    """Names of fields of `Roles` that the user gets."""
    revoke: frozenset[str] = frozenset()
    """Names of fields of `Roles` that the user loses."""
    email: str | None = None
    max_bit_rate: Kbps | None = None
    """0 takes the limit away."""
    libraries: tuple[int, ...] | None = None
    """Those that the user may see, as far as the configuration lets him; all that are configured
    is the same as no choice, so that later ones are his too."""


class NewCredentials(Struct, frozen=True, kw_only=True):
    """Secrets that exist in clear only now: to be shown once and then forgotten."""

    user_name: str
    password: str
    """A login password made by the server, which serves as app password too; empty if the
    person chose one."""
    app_password: str
    """For apps that log in by token; the same as `password` if the server made that one. Empty if
    the chosen password serves for that as well (`[auth] recoverable_passwords`)."""
