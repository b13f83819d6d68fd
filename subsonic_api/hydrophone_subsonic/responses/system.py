"""What the server says of itself: errors, license, extensions, scan."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.wire import Wire


class Error(Wire, frozen=True, kw_only=True):
    """Why a request failed."""

    code: int
    message: str
    help_url: str | UnsetType = UNSET


class License(Wire, frozen=True, kw_only=True):
    """Free for ever: DSub and Ultrasonic show "unlicensed" if it is not valid."""

    valid: bool = True


class OpenSubsonicExtension(Wire, frozen=True, kw_only=True):
    """An extension that the server supports entirely."""

    name: str
    versions: tuple[int, ...]


class ScanStatus(Wire, frozen=True, kw_only=True):
    """How far the library has been scanned."""

    scanning: bool
    count: int


class TokenInfo(Wire, frozen=True, kw_only=True):
    """Whose an API key is."""

    username: str
