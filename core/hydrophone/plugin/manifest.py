"""What a plugin says of itself before any of it runs."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

PLUGIN_NAME = r"^[a-z][a-z0-9_]{0,39}$"


class PermissionKind(StrEnum):
    """What a plugin may need of the world outside."""

    NETWORK = "network"
    """`target` is a host name, or the key of the plugin's table that holds the address."""
    FILES = "files"
    """`target` is a folder, or the key of the plugin's table that names it."""
    PROGRAM = "program"
    """`target` is the name of a program that is run."""


class Permission(Struct, frozen=True, kw_only=True):
    """Something that a plugin does outside of our process, and why.

    Shown to admins before they switch it on. Requests through the context's HTTP client go to
    declared hosts only; files and programs are a matter of trust.
    """

    kind: PermissionKind
    target: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Annotated[str, Meta(min_length=1, max_length=300)]
    per_second: Annotated[float, Meta(gt=0)] | None = None
    """Requests that a host is asked at most; all plugins together keep to it. What a quiet second
    has saved may be spent at once."""


class NoConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The configuration of a plugin that has nothing to be set."""


class Manifest(Struct, frozen=True, kw_only=True):
    """Name, purpose and needs of a plugin; a class attribute, so nothing has to run for it."""

    name: Annotated[str, Meta(pattern=PLUGIN_NAME)]
    """That of the entry point and, unless there are several instances, of `[plugins.<name>]`."""
    version: str
    """Of the distribution."""
    summary: Annotated[str, Meta(min_length=1, max_length=200)]
    """One sentence for an admin."""
    api: tuple[int, int]
    """The `PLUGIN_API` that it was written for."""
    config: type[Struct] = NoConfig
    """What its table is decoded into: a frozen Struct with `forbid_unknown_fields`; a
    `Meta(description=...)` of each field is its documentation."""
    permissions: tuple[Permission, ...] = ()
    homepage: str = ""
    """A page for people; `plugins check` shows it."""
