"""Makes, hashes, encrypts and checks secrets. Nothing here is ever logged."""

import contextlib
import hmac
import logging
import os
import secrets
import stat
from base64 import b64decode, b64encode
from hashlib import md5, sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hydrophone.errors import StorageError
from hydrophone.storage.data_folder import KEY_FILE

logger = logging.getLogger(__name__)

_PRIVATE = 0o600
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike (i, l, 1, o, 0): it is typed on phones."""
_GROUPS, _GROUP_SIZE = 3, 5
_NONCE_SIZE = 12

# 7 MiB and five passes: of those that OWASP calls as good as each other the one for small machines.
# 30 ms on a PC, three quarters of what 19 MiB and two passes take there.
_hasher = PasswordHasher(time_cost=5, memory_cost=7168, parallelism=1)


def make_password() -> str:
    """Return a random password of 74 bits that can be typed on a phone (`k3v9x-...`)."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_SIZE)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def is_made(password: str) -> bool:
    """Say whether a password has the form of those that `make_password` returns."""
    groups = password.split("-")
    return len(groups) == _GROUPS and all(
        len(group) == _GROUP_SIZE and set(group) <= set(_ALPHABET) for group in groups
    )


def make_api_key() -> str:
    """Return a random API key of 256 bits; it is copied, not typed."""
    return secrets.token_urlsafe(32)


def hash_password(password: str) -> str:
    """Return the argon2id hash in PHC form. Blocking, some 30 ms."""
    return _hasher.hash(password)


def check_password(password: str, password_hash: str) -> bool:
    """Say whether a password fits a hash. Blocking, some 30 ms."""
    try:
        return _hasher.verify(password_hash, password.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash that fits was made with other parameters than `hash_password` has now."""
    return _hasher.check_needs_rehash(password_hash)


def hash_api_key(key: str) -> bytes:
    """Return the SHA-256 of an API key, which is long and random and needs no slow hash."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


def check_token(token: str, salt: str, password: str) -> bool:
    """Say whether a Subsonic token is the MD5 of password and salt (API page, 1.13.0)."""
    data = (password + salt).encode("utf-8", "surrogatepass")
    return same(md5(data, usedforsecurity=False).hexdigest(), token.lower())


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )


class SecretKey:
    """The key that app passwords are encrypted under; lives beside the database, not in it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def derive(self, purpose: str) -> bytes:
        """Return a key for something else than encrypting, from which this one cannot be told."""
        return hmac.digest(self._key, purpose.encode(), sha256)

    def encrypt(self, secret: str) -> bytes:
        """Encrypt a secret (AES-256-GCM, nonce in front)."""
        nonce = os.urandom(_NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), None)

    def decrypt(self, data: bytes) -> str | None:
        """Return the secret; `None` if it was encrypted under another key."""
        try:
            return self._cipher.decrypt(data[:_NONCE_SIZE], data[_NONCE_SIZE:], None).decode()
        except InvalidTag:
            return None


def load_key(data_dir: Path) -> SecretKey:
    """Load the key file of a data folder, or make it (mode 0600) at the first start.

    Blocking. One that others may read is made private again, with a warning. Raises StorageError
    if the file is damaged or cannot be read.
    """
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        _make_private(path)
        return SecretKey(b64decode(path.read_bytes(), validate=False))
    except ValueError as error:
        raise StorageError(
            f"The key file {path} is damaged. Restore it from a backup. If there is none, delete "
            "it: then app passwords are lost and have to be made anew, while login passwords and "
            "API keys still work."
        ) from error
    except OSError as error:
        raise StorageError(f"The key file {path} cannot be used: {error.strerror}") from error


def _make_key(path: Path) -> None:
    """Make the key file, unless another process has just done so."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            # The umask may have taken even the owner's rights away.
            os.fchmod(file.fileno(), _PRIVATE)
            file.write(b64encode(AESGCM.generate_key(bit_length=256)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # The name too has to outlive a power cut, or what was encrypted under the key is lost.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _make_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & ~_PRIVATE:
        return
    try:
        path.chmod(_PRIVATE)
    except OSError as error:
        logger.warning(
            "The key file %s can be read or written by others (mode %04o), and that cannot be "
            "changed: %s",
            path,
            mode,
            error.strerror,
        )
        return
    logger.warning(
        "The key file %s could be read or written by others (mode %04o); it is private now. If "
        "somebody may have copied it, make new app passwords.",
        path,
        mode,
    )
