"""Makes guessing of passwords slow: at one account, and at many from one network."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from hydrophone.errors import TooManyTriesError
from hydrophone.services.networks import CROWD_PREFIX, network_of

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

_FREE = 10
"""Different wrong passwords that cost nothing: mistypings, and apps with old passwords."""
_LONGEST_SECONDS = 300.0
_FORGET_SECONDS = 3600.0
_KEPT = 16_384
_SEEN = 32
_CROWD_FREE = 100
"""Different wrong passwords from one customer's network, whatever accounts they were tried at."""
_CROWD_SECONDS = 36.0
"""After which one of them is forgotten, so that a hundred an hour go on being possible."""


@dataclass(slots=True)
class _Record:
    """Wrong tries at one account from one network."""

    last: float
    failures: int = 0
    blocked_until: float = 0.0
    seen: dict[bytes, None] = field(default_factory=dict)
    """The last different credentials, oldest first."""


@dataclass(slots=True)
class _Crowd:
    """Wrong tries at any accounts from one customer's network."""

    last: float
    level: float = 0.0
    """How many there were, less those that time has forgotten."""
    is_told: bool = False


class Throttle:
    """Counts wrong credentials by account and network, and makes further ones wait.

    Nobody is locked out by others: who tries from one network is nothing to another, and
    callers ask only about secrets that can be guessed and are not verified already. The same
    credentials tried again count once, so that an app with an old password does no harm.

    Who tries a few passwords at each of many accounts has to wait as well. In the same network
    there may be a household, or all users behind one proxy: so those who have got in from there
    are not concerned, and others wait for half a minute.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds."""
        self._now = now
        self._secret = secrets.token_bytes(16)
        self._records: dict[bytes, _Record] = {}
        self._crowds: dict[bytes, _Crowd] = {}
        self._at_home: dict[bytes, None] = {}
        """Accounts with networks from which somebody has got in."""

    def admit(self, name: str, address: str) -> None:
        """Say whether a try may be made now. Raises TooManyTriesError."""
        key, now = self._key(name, network_of(address)), self._now()
        record = self._records.get(key)
        if record is not None and record.blocked_until > now:
            raise TooManyTriesError(record.blocked_until - now)
        crowd = self._crowds.get(self._crowd_key(address))
        if crowd is not None and key not in self._at_home:
            wait = (crowd.level + 1 - _CROWD_FREE) * _CROWD_SECONDS - (now - crowd.last)
            if wait > 0:
                raise TooManyTriesError(wait)

    def failed(self, name: str, address: str, credential: bytes) -> None:
        """Count a wrong try; `credential` is a short hash of what was tried."""
        now = self._now()
        network = network_of(address)
        key = self._key(name, network)
        record = self._records.pop(key, None)
        if record is None or record.last < now - _FORGET_SECONDS:
            record = _Record(last=now)
        _put_last(self._records, key, record)
        record.last = now
        if credential in record.seen:
            return
        record.seen[credential] = None
        if len(record.seen) > _SEEN:
            del record.seen[next(iter(record.seen))]
        self._count_in_crowd(address, now)
        record.failures += 1
        if record.failures < _FREE:
            return
        delay = min(2.0 ** min(record.failures - _FREE, 16), _LONGEST_SECONDS)
        record.blocked_until = now + delay
        if record.failures == _FREE:
            logger.warning("Many wrong passwords for %r from %s: they have to wait now.",
                           name[:100], network)  # fmt: skip

    def succeeded(self, name: str, address: str) -> None:
        """Forget the wrong tries of somebody who has got in."""
        self._records.pop(self._key(name, network_of(address)), None)
        self.note_at_home(name, address)

    def note_at_home(self, name: str, address: str) -> None:
        """Note that somebody has got in from there."""
        _put_last(self._at_home, self._key(name, network_of(address)), None)

    def _count_in_crowd(self, address: str, now: float) -> None:
        key = self._crowd_key(address)
        crowd = self._crowds.get(key) or _Crowd(last=now)
        _put_last(self._crowds, key, crowd)
        level = max(0.0, crowd.level - (now - crowd.last) / _CROWD_SECONDS) + 1
        # Tries that were admitted together must not have others wait longer than one step.
        crowd.level = min(level, _CROWD_FREE)
        crowd.last = now
        if crowd.level > _CROWD_FREE - 1 and not crowd.is_told:
            crowd.is_told = True
            network = network_of(address, prefix=CROWD_PREFIX)
            logger.warning("Many wrong passwords for several accounts from %s: "
                           "they have to wait now.", network)  # fmt: skip
        elif crowd.level < _CROWD_FREE / 2:
            crowd.is_told = False

    def _crowd_key(self, address: str) -> bytes:
        return self._key("", network_of(address, prefix=CROWD_PREFIX))

    def _key(self, name: str, network: str) -> bytes:
        data = f"{name}\0{network}".encode("utf-8", "surrogatepass")
        return blake2b(data, key=self._secret, digest_size=16).digest()


def _put_last(known: dict[bytes, Value], key: bytes, value: Value) -> None:
    """Keep a value, in place of the one that was quiet for longest where there are too many."""
    known.pop(key, None)
    known[key] = value
    if len(known) > _KEPT:
        del known[next(iter(known))]
