"""Makes, hashes, encrypts and checks secrets. Nothing here is ever logged."""

import hmac
import os
import secrets
from base64 import b64decode, b64encode
from hashlib import md5, sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hydrophone.errors import StorageError

KEY_FILE = "secret.key"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike (i, l, 1, o, 0): it is typed on phones."""
_GROUPS, _GROUP_SIZE = 3, 5
_NONCE_SIZE = 12

# 19 MiB and two passes: OWASP's choice for argon2id on small machines; 40 ms on a PC.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def make_password() -> str:
    """Return a random password of 74 bits that can be typed on a phone (`k3v9x-...`)."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_SIZE)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def hash_password(password: str) -> str:
    """Return the argon2id hash in PHC form. Blocking, some 40 ms."""
    return _hasher.hash(password)


def check_password(password: str, password_hash: str) -> bool:
    """Say whether a password fits a hash. Blocking, some 40 ms."""
    try:
        return _hasher.verify(password_hash, password.encode("utf-8", "surrogatepass"))
    except (Argon2Error, InvalidHashError):
        return False


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
        self._cipher = AESGCM(key)

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

    Blocking. Raises StorageError if the file is damaged.
    """
    path = data_dir / KEY_FILE
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(b64encode(AESGCM.generate_key(bit_length=256)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    try:
        return SecretKey(b64decode(path.read_bytes(), validate=False))
    except ValueError as error:
        raise StorageError(
            f"The key file {path} is damaged. Restore it from a backup; without it the app "
            "passwords are lost, and `hydrophone users passwd NAME` makes a new one."
        ) from error
