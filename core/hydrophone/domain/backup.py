"""Backups: one file each, with all that cannot be made again."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Timestamp


class BackupReason(StrEnum):
    """Why a backup was made, which decides whether it is ever deleted."""

    MANUAL = "manual"
    """By a person or a script: never deleted by Hydrophone."""
    NIGHTLY = "nightly"
    """By the server: deleted when there are enough newer ones."""
    MIGRATION = "migration"
    """Before the schema changed: one for each schema, never deleted."""


class BackupMember(Struct, frozen=True, kw_only=True):
    """One file in a backup."""

    name: str
    size: ByteCount
    """Unpacked."""
    sha256: str
    """Hexadecimal, of the unpacked bytes."""


class BackupManifest(Struct, frozen=True, kw_only=True):
    """What a backup says of itself; every other member is listed in it."""

    format: int
    """Number of the layout of the file; a program refuses those that it does not know."""
    made: Timestamp
    reason: BackupReason
    version: str
    """Of the Hydrophone that made it."""
    schema: str
    """Revision of the database."""
    rows: dict[str, int]
    """Number of rows of each table."""
    members: tuple[BackupMember, ...]


class BackupListing(Struct, frozen=True, kw_only=True):
    """A backup as a list shows it; its content has not been looked at."""

    name: str
    path: str
    size: ByteCount
    manifest: BackupManifest | None
    """`None` if the file is no backup, or damaged."""
    problem: str = ""
    """Why there is no manifest, in one sentence."""


class Restored(Struct, frozen=True, kw_only=True):
    """What a restore has done."""

    manifest: BackupManifest
    data_dir: str
    moved_to: str = ""
    """Folder of what stood there before; empty if there was nothing."""
    config: str = ""
    """The configuration file that was put back; empty if none was."""
