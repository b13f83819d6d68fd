"""What credentials were lately found to be right or wrong, so that few are checked twice."""

import hmac
import time
from typing import TypeVar

from hydrophone.domain.user import User
from hydrophone.errors import AuthenticationError
from hydrophone.storage.queries import users

_REMEMBERED = 4096
_REMEMBER_SECONDS = 600.0
_FORGIVE_SECONDS = 5.0
WRONG = "Wrong username or password."

Key = TypeVar("Key", bytes, str)
Known = TypeVar("Known")


class LoginMemory:
    """Remembers credentials by keyed hashes; dropped for a new one when accounts change.

    A check that was under way then writes into the old one, which nobody reads any more.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._verified: dict[bytes, tuple[float, User]] = {}
        self._failed: dict[bytes, float] = {}

    def digest(self, kind: str, name: str, credential: str) -> bytes:
        """Return a keyed hash of a credential; only that is kept of it."""
        data = f"{kind}\0{users.name_key(name)}\0{credential}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, data, "sha256")

    def recall(self, digest: bytes) -> User | None:
        """Return who has logged in by a credential in the last ten minutes; `None` if nobody."""
        known = self._verified.get(digest)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def refuse_again(self, digest: bytes) -> None:
        """Raise AuthenticationError for a credential that was wrong a few seconds ago.

        Apps try each password twice, and guessing gets no cheaper.
        """
        if self._failed.get(digest, 0.0) > time.monotonic():
            raise AuthenticationError(WRONG)

    def note_verified(self, digest: bytes, user: User) -> None:
        """Remember for ten minutes whose credential this is."""
        remember(self._verified, digest, (time.monotonic() + _REMEMBER_SECONDS, user))

    def note_failed(self, digest: bytes) -> None:
        """Remember for a few seconds that a credential is wrong."""
        remember(self._failed, digest, time.monotonic() + _FORGIVE_SECONDS)


def remember(memory: dict[Key, Known], key: Key, value: Known) -> None:
    """Put into a memory that holds some thousand; if it is full, the oldest goes."""
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
