"""argon2id in threads: the slow hash of login passwords, a few at a time."""

import asyncio

from hydrophone.services import credentials

MAX_PASSWORD = 1000
_AT_ONCE = 2


class PasswordHashing:
    """Runs at most two hashes at a time, of some 40 ms each (traps 17)."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the hash in PHC form."""
        async with self._turns:
            return await asyncio.to_thread(credentials.hash_password, password)

    async def check(self, password: str, password_hash: str) -> bool:
        """Say whether a password fits a hash."""
        async with self._turns:
            return await asyncio.to_thread(credentials.check_password, password, password_hash)
