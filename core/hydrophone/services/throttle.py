"""Makes guessing of passwords slow, for each account and network apart."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from hydrophone.errors import TooManyTriesError

logger = logging.getLogger(__name__)

_FREE = 10
"""Different wrong passwords that cost nothing: mistypings, and apps with old passwords."""
_LONGEST_SECONDS = 300.0
_FORGET_SECONDS = 3600.0
_KEPT = 16_384
_SEEN = 32


@dataclass(slots=True)
class _Record:
    """Wrong tries at one account from one network."""

    last: float
    failures: int = 0
    blocked_until: float = 0.0
    seen: dict[bytes, None] = field(default_factory=dict)
    """The last different credentials, oldest first."""


class Throttle:
    """Counts wrong credentials by account and network, and makes further ones wait.

    Nobody is locked out by others: who tries from one network is nothing to another, and
    callers ask only about secrets that can be guessed and are not verified already. The same
    credentials tried again count once, so that an app with an old password does no harm.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds."""
        self._now = now
        self._secret = secrets.token_bytes(16)
        self._records: dict[bytes, _Record] = {}

    def admit(self, name: str, network: str) -> None:
        """Say whether a try may be made now. Raises TooManyTriesError."""
        record = self._records.get(self._key(name, network))
        if record is not None and record.blocked_until > (now := self._now()):
            raise TooManyTriesError(record.blocked_until - now)

    def failed(self, name: str, network: str, credential: bytes) -> None:
        """Count a wrong try; `credential` is a short hash of what was tried."""
        now = self._now()
        key = self._key(name, network)
        record = self._records.pop(key, None)
        if record is None or record.last < now - _FORGET_SECONDS:
            record = _Record(last=now)
        # Put last, so that the one that is dropped is the one that was quiet for longest.
        self._records[key] = record
        if len(self._records) > _KEPT:
            del self._records[next(iter(self._records))]
        record.last = now
        if credential in record.seen:
            return
        record.seen[credential] = None
        if len(record.seen) > _SEEN:
            del record.seen[next(iter(record.seen))]
        record.failures += 1
        if record.failures < _FREE:
            return
        delay = min(2.0 ** min(record.failures - _FREE, 16), _LONGEST_SECONDS)
        record.blocked_until = now + delay
        if record.failures == _FREE:
            logger.warning("Many wrong passwords for %r from %s: they have to wait now.",
                           name[:100], network)  # fmt: skip

    def succeeded(self, name: str, network: str) -> None:
        """Forget the wrong tries of somebody who has got in."""
        self._records.pop(self._key(name, network), None)

    def _key(self, name: str, network: str) -> bytes:
        data = f"{name}\0{network}".encode("utf-8", "surrogatepass")
        return blake2b(data, key=self._secret, digest_size=16).digest()
