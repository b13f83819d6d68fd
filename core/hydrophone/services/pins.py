"""What each listener was given of what, for some hours: bytes of two files are never mixed.

Some apps ask for the parts of a file one by one and without `If-Range` (RFC 9110, 13.1.5). They
would put together parts of two files when a source fails, or is back, between two of them.
"""

from collections import OrderedDict

from hydrophone.domain.units import Timestamp
from hydrophone.services.clock import Clock

_KEPT_MS = 6 * 60 * 60 * 1000
"""Since it was last asked for: who pauses longer begins anew."""
_MOST = 20_000

Key = tuple[str | int, ...]


class Pins:
    """Remembers in memory; nothing of it outlives the process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[Timestamp, str]] = OrderedDict()

    def get(self, key: Key) -> str:
        """Return what was given; empty if nothing was, or long ago."""
        pinned, value = self._kept.get(key, (Timestamp(0), ""))
        return value if self._clock.now() - pinned < _KEPT_MS else ""

    def put(self, key: Key, value: str) -> None:
        """Remember what is given now."""
        self._kept[key] = (self._clock.now(), value)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def goes_on(self, key: Key, value: str, *, is_beginning: bool) -> bool:
        """Say whether a part of this may be given to who was given what is remembered.

        Its beginning may be given to anybody, and is remembered.
        """
        if not is_beginning and self.get(key) not in ("", value):
            return False
        self.put(key, value)
        return True
