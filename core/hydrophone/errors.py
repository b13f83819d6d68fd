"""The tree of errors that Hydrophone raises on purpose.

    HydrophoneError
    ├── NotFoundError          there is no such thing, or it is hidden from this user
    │   └── GoneError           it was there for all who knew its address, and is not any more
    ├── NotPermittedError      the user is known and may not do this
    ├── AuthenticationError    nobody is logged in by these credentials
    │   ├── TokenLoginUnavailableError  this user has no secret that a token could be checked with
    │   ├── LoginMechanismOffError  the administrator has switched this way to log in off
    │   └── TooManyTriesError   guessing has to wait; carries the seconds
    ├── InvalidInputError      a value from outside is wrong
    ├── ConflictError          it exists already, or somebody else is at it
    ├── UnsupportedError       a thing that this installation cannot do
    ├── UnavailableError       full, stopping, or waiting for something; trying again may help
    ├── ConfigError            the configuration is wrong; carries the key's path
    ├── StorageError           the database cannot be used (too new, damaged, locked)
    ├── ScanError              a library cannot be scanned
    ├── MediaError             a file cannot be decoded, or ffmpeg failed
    ├── PluginError            a plugin cannot be used: not loaded, not started, switched off
    └── ProviderError          another server, or a plugin, let us down
        ├── ProviderUnavailableError  it cannot be reached, or broke off
        ├── RetryLaterError    it wants to be left alone; carries the seconds
        ├── NotAuthorizedError  it does not accept the account that it was asked with
        └── BadAnswerError     it refuses, or what it sends cannot be used

Domain code knows no HTTP status and no protocol code: each protocol layer maps this tree
in one table of its own.
"""

import math


class HydrophoneError(Exception):
    """Root of all errors raised on purpose; `str()` is one sentence for a person."""


class NotFoundError(HydrophoneError):
    """Asked for by id or name, and there is nothing, or nothing that this user may see."""


class GoneError(NotFoundError):
    """It was shared with whoever asks, and has expired or been withdrawn."""


class NotPermittedError(HydrophoneError):
    """The user is known and lacks the role or is not the owner."""


class AuthenticationError(HydrophoneError):
    """The credentials name nobody; which part was wrong is never said."""


class TokenLoginUnavailableError(AuthenticationError):
    """The user has only a hashed password: an app that logs in by token needs an app password."""


class LoginMechanismOffError(AuthenticationError):
    """Nobody can log in this way here, whatever the credentials."""


class TooManyTriesError(AuthenticationError):
    """Too many wrong credentials for this account came from the same network.

    `after` is how many seconds later another try will be looked at.
    """

    def __init__(self, after: float) -> None:
        seconds = math.ceil(after)
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(f"Too many wrong passwords. Try again in {seconds} {unit}.")
        self.after = after


class InvalidInputError(HydrophoneError):
    """A value from outside is of the wrong type, out of range or contradicts another."""


class ConflictError(HydrophoneError):
    """The thing exists already, or its state has changed in between."""


class UnsupportedError(HydrophoneError):
    """This installation cannot do it at all, for instance because a program is missing."""


class UnavailableError(HydrophoneError):
    """Not now: a limit is reached or the server is stopping. Trying again may help."""


class ConfigError(HydrophoneError):
    """The configuration cannot be used.

    `key` is the dotted path of the key (`server.port`), empty if the whole file is meant;
    `location` is `file:line` or the name of an environment variable, empty if unknown.
    """

    def __init__(self, message: str, *, key: str = "", location: str = "") -> None:
        super().__init__(message)
        self.key = key
        self.location = location


class StorageError(HydrophoneError):
    """The database cannot be opened, migrated or trusted."""


class ScanError(HydrophoneError):
    """A library as a whole cannot be scanned; a single bad file is a report line instead."""


class MediaError(HydrophoneError):
    """Bytes of a file cannot be decoded, or the program that should do it failed."""


class PluginError(HydrophoneError):
    """A plugin cannot be used; the sentence says why and what the admin can do."""


def reason_of(error: BaseException) -> str:
    """Say why something failed, for a person; empty if only the log can tell.

    Our own errors are sentences for people, also within a group; of the system's only the reason
    is one, as their texts name files.
    """
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(reason_of, error.exceptions)), "")
    if isinstance(error, HydrophoneError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"The server's system says: {error.strerror}."
    return ""


class ProviderError(HydrophoneError):
    """Another server let us down; the sentence names its host and no more of the address."""


class ProviderUnavailableError(ProviderError):
    """It cannot be reached, broke off, took too long, or is in trouble itself."""


class RetryLaterError(ProviderError):
    """It was asked too often. `after` is how many seconds later it may be asked again."""

    def __init__(self, message: str, *, after: float) -> None:
        super().__init__(message)
        self.after = after


class OwnPaceError(RetryLaterError):
    """It was not asked, so as not to be asked too often: nothing is wrong with it."""


class NotAuthorizedError(ProviderError):
    """It does not accept the account or key of the configuration, or wants a new login."""


class BadAnswerError(ProviderError):
    """It refuses, or what it sends is not what was to be expected.

    `status` is that of HTTP where it refuses, else 0.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
