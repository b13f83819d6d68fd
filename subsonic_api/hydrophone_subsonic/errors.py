"""Which error becomes which code of the protocol; the only place that knows both.

    HydrophoneError
    ├── ClientTooOldError            20
    ├── ServerTooOldError            30
    ├── InvalidInputError             0
    │   ├── MissingParameterError    10
    │   └── ConflictingLoginsError   43
    └── AuthenticationError          40
        ├── BadApiKeyError           44
        ├── TokenLoginUnavailableError  41
        └── LoginMechanismOffError   42

All others of the tree of `hydrophone.errors` are in the table below, or are the server's own
trouble: then the answer is code 0 with a neutral sentence, and the cause goes to the log.
"""

from enum import IntEnum

from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    HydrophoneError,
    InvalidInputError,
    LoginMechanismOffError,
    MediaError,
    NotFoundError,
    NotPermittedError,
    ProviderError,
    TokenLoginUnavailableError,
    UnavailableError,
    UnsupportedError,
)


class Code(IntEnum):
    """Error codes of Subsonic, with those of OpenSubsonic (41 to 44).

    60, the end of a trial, is the only one of the protocol that this server has no use for.
    """

    GENERIC = 0
    MISSING_PARAMETER = 10
    CLIENT_TOO_OLD = 20
    SERVER_TOO_OLD = 30
    WRONG_LOGIN = 40
    NO_TOKEN_LOGIN = 41
    MECHANISM_OFF = 42
    CONFLICTING_LOGINS = 43
    BAD_API_KEY = 44
    NOT_AUTHORIZED = 50
    NOT_FOUND = 70


HELPED = frozenset(
    {Code.NO_TOKEN_LOGIN, Code.MECHANISM_OFF, Code.CONFLICTING_LOGINS, Code.BAD_API_KEY}
)
"""Codes of which the server's own page on app passwords and API keys says how to go on."""


class MissingParameterError(InvalidInputError):
    """A required parameter is absent or empty."""


class ConflictingLoginsError(InvalidInputError):
    """An API key came together with a user name, password or token."""


class BadApiKeyError(AuthenticationError):
    """The API key is unknown or revoked."""


class ClientTooOldError(HydrophoneError):
    """The client speaks a major version before ours."""


class ServerTooOldError(HydrophoneError):
    """The client speaks a major version after ours."""


_CODES: dict[type[HydrophoneError], Code] = {
    InvalidInputError: Code.GENERIC,
    ConflictError: Code.GENERIC,
    UnsupportedError: Code.GENERIC,
    UnavailableError: Code.GENERIC,
    MediaError: Code.GENERIC,
    ProviderError: Code.GENERIC,
    MissingParameterError: Code.MISSING_PARAMETER,
    ClientTooOldError: Code.CLIENT_TOO_OLD,
    ServerTooOldError: Code.SERVER_TOO_OLD,
    AuthenticationError: Code.WRONG_LOGIN,
    TokenLoginUnavailableError: Code.NO_TOKEN_LOGIN,
    LoginMechanismOffError: Code.MECHANISM_OFF,
    ConflictingLoginsError: Code.CONFLICTING_LOGINS,
    BadApiKeyError: Code.BAD_API_KEY,
    NotPermittedError: Code.NOT_AUTHORIZED,
    NotFoundError: Code.NOT_FOUND,
}


_STATUSES: dict[type[HydrophoneError], int] = {
    InvalidInputError: 400,
    UnsupportedError: 400,
    MissingParameterError: 400,
    AuthenticationError: 401,
    ConflictingLoginsError: 401,
    NotPermittedError: 403,
    NotFoundError: 404,
    UnavailableError: 503,
}


def status_of(error: Exception) -> int:
    """Return the HTTP status for endpoints that fail by it; 500 for the server's own trouble."""
    return next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 500)


def code_of(error: HydrophoneError) -> Code | None:
    """Return the code of the nearest class in the table; `None` for the server's own trouble."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), None)
