"""argon2id in threads: the slow hash of login passwords, a few at a time."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

from hydrophone.errors import UnavailableError
from hydrophone.services import credentials

MAX_PASSWORD = 1000
_AT_ONCE = 2
_LINE = 512
_LINE_OF_ONE = 8
"""More than one household has apps that log in at the same moment."""


class PasswordHashing:
    """Runs at most two hashes at a time, of some 30 ms each (traps 17).

    The line before them is bounded, in all and for each crowd of clients, so that whoever floods
    it waits behind himself, and others behind a few of his tries only.
    """

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._in_line: Counter[str] = Counter()

    async def hash(self, password: str) -> str:
        """Return the hash in PHC form."""
        async with self._turns:
            return await asyncio.to_thread(credentials.hash_password, password)

    async def check(self, password: str, password_hash: str, crowd: str) -> bool:
        """Say whether a password fits a hash.

        Raises UnavailableError if the line is full, or too much of it belongs to this crowd.
        """
        async with self._place(crowd), self._turns:
            return await asyncio.to_thread(credentials.check_password, password, password_hash)

    @contextlib.asynccontextmanager
    async def _place(self, crowd: str) -> AsyncIterator[None]:
        if self._in_line[crowd] >= _LINE_OF_ONE or self._in_line.total() >= _LINE:
            raise UnavailableError("Too many passwords are being checked. Try again in a moment.")
        self._in_line[crowd] += 1
        try:
            yield
        finally:
            self._in_line[crowd] -= 1
            if not self._in_line[crowd]:
                del self._in_line[crowd]
