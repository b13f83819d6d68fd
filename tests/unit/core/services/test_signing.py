"""Tokens that only the server can make."""

import re

import pytest

from hydrophone.errors import InvalidInputError
from hydrophone.services.signing import MAX_TOKEN, Signer

SIGNER = Signer(b"k" * 32)


@pytest.mark.parametrize("content", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_what_was_signed_comes_back(content: bytes) -> None:
    token = SIGNER.sign(content)
    assert SIGNER.read(token) == content
    assert re.fullmatch(r"[\w-]+", token, re.ASCII)


def test_nothing_else_is_taken() -> None:
    token = SIGNER.sign(b"content")
    changed = ("B" if token[-1] == "A" else "A").join([token[:-3], token[-2:]])
    for forged in (
        changed, token[:-1], token[1:], "", "é", "!" * 40, "A" * (MAX_TOKEN + 1),
        Signer(b"l" * 32).sign(b"content"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError):
            SIGNER.read(forged)
