"""Tokens that say something for the server itself, which nobody else can make or change."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from hydrophone.errors import InvalidInputError

MAX_TOKEN = 1024
"""Characters."""
_MAC_SIZE = 16
_FOREIGN = "This address was not made by this server, or not for this."


class Signer:
    """Signs and checks texts for one purpose (HMAC-SHA-256, cut to 128 bits as RFC 2104 allows).

    What is signed can be read by everybody; it only cannot be forged.
    """

    def __init__(self, key: bytes) -> None:
        """Each purpose has a key of its own, so no token can be used for another purpose."""
        self._key = key

    def sign(self, content: bytes) -> str:
        """Return a token of letters, digits, `-` and `_`, a third longer than the content."""
        return urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode("ascii")

    def read(self, token: str) -> bytes:
        """Return what was signed.

        Raises:
            InvalidInputError: The token is not one of ours.
        """
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidInputError(_FOREIGN)
        try:
            signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as error:
            raise InvalidInputError(_FOREIGN) from error
        content = signed[_MAC_SIZE:]
        if not hmac.compare_digest(signed[:_MAC_SIZE], self._mac(content)):
            raise InvalidInputError(_FOREIGN)
        return content

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, sha256)[:_MAC_SIZE]
