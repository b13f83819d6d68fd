"""Devices: phones and players that log in with a secret of their own."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import Timestamp


class SecretKind(StrEnum):
    """What a device proves with whose it is."""

    APP_PASSWORD = "app_password"  # noqa: S105 - a kind of secret, not one
    API_KEY = "api_key"


class Device(Struct, frozen=True, kw_only=True):
    """A device's secret, without the secret."""

    name: str
    """What a person calls the device; compared case-insensitively."""
    kind: SecretKind
    created: Timestamp
    last_used: Timestamp | None
    """The beginning of the day (UTC) of the last login; `None` if there was none."""
    is_lost: bool = False
    """Whether it works no more, because the key file is not the one it was encrypted under."""


class LostDevice(Struct, frozen=True, kw_only=True):
    """An app password that the key file cannot open."""

    user_name: str
    name: str


class NewDevice(Struct, frozen=True, kw_only=True):
    """A secret that exists in clear only now: to be shown once and then forgotten."""

    user_name: str
    device: str
    kind: SecretKind
    secret: str
