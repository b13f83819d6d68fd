"""Secrets as they are made, and the key file."""

import logging
import os
from base64 import b64decode
from pathlib import Path

import pytest

from hydrophone.errors import StorageError
from hydrophone.services.credentials import (
    load_key,
    make_api_key,
    make_password,
)
from hydrophone.storage.data_folder import KEY_FILE


def test_a_damaged_key_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"garbage")
    with pytest.raises(StorageError, match="is damaged"):
        load_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == b"garbage"


def test_made_passwords_differ_and_can_be_typed() -> None:
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert all(set(password) <= set("abcdefghjkmnpqrstuvwxyz23456789-") for password in made)


def test_made_api_keys_differ_and_need_no_encoding_in_addresses() -> None:
    made = {make_api_key() for _ in range(100)}
    assert len(made) == 100
    assert all(len(key) >= 40 and key.replace("-", "").replace("_", "").isalnum() for key in made)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_a_key_file_is_private_under_every_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        key = load_key(tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert len(b64decode((tmp_path / KEY_FILE).read_bytes())) == 32
    assert load_key(tmp_path).decrypt(key.encrypt("secret")) == "secret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_key_file_that_others_can_reach_is_made_private(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    key = load_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)
    with caplog.at_level(logging.WARNING):
        assert load_key(tmp_path).decrypt(key.encrypt("secret")) == "secret"
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert f"mode {mode:04o}" in caplog.text
    caplog.clear()
    load_key(tmp_path)
    assert not caplog.records


def test_a_key_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).mkdir()
    with pytest.raises(StorageError, match="cannot be used"):
        load_key(tmp_path)
