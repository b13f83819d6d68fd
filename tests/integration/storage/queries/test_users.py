"""Accounts: one for each name, whatever its case, and nothing left of those removed."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.queries import devices, users
from hydrophone.storage.tables.device import api_key, app_password


def add(connection: Connection, name: str) -> UserId:
    return users.add(connection, name, "no hash", Roles(admin=True), Timestamp(2))


@pytest.mark.parametrize("name", ["anna", "ANNA", " Anna ", "aNNa\n"])
def test_a_name_is_taken_in_any_case(connection: Connection, anna: UserId, name: str) -> None:
    with pytest.raises(IntegrityError):
        add(connection, name)
    found = users.by_name(connection, name)
    assert found is not None
    assert (found.id, found.name) == (anna, "Anna")


def test_names_in_any_script(connection: Connection) -> None:
    for name, other in (("Jürgen", "JÜRGEN"), ("Straße", "STRASSE"), ("Ольга", "ОЛЬГА")):
        identifier = add(connection, name)
        found = users.by_name(connection, other)
        assert found is not None
        assert (found.id, found.name) == (identifier, name)


def test_there_is_nobody_of_that_name(connection: Connection) -> None:
    for name in ("", "Bob", "Anna2", "%", "Ann_", "\x00", "\ud800", "a" * 100_000):
        assert users.by_name(connection, name) is None


def test_an_account_comes_back_as_it_was_made(connection: Connection) -> None:
    identifier = add(connection, " Carla ")
    found = users.by_name(connection, "carla")
    assert found == users.Account(
        id=identifier,
        name="Carla",
        email="",
        roles=Roles(admin=True),
        password_hash="no hash",
        max_bit_rate=Kbps(0),
        created=Timestamp(2),
    )
    assert [account.name for account in users.everybody(connection)] == ["Anna", "Carla"]


def test_an_api_key_leads_to_its_account(connection: Connection, anna: UserId) -> None:
    values = {"user_id": anna, "label": "phone", "hash": b"digest", "created": 1}
    connection.execute(api_key.insert().values(values))
    found = devices.by_api_key(connection, b"digest")
    assert found is not None
    assert (found[0].id, found[1]) == (anna, "phone")
    assert devices.by_api_key(connection, b"another") is None


def test_a_removed_account_takes_its_secrets_along(connection: Connection, anna: UserId) -> None:
    for table, secret in ((app_password, "secret"), (api_key, "hash")):
        values = {"user_id": anna, "label": "phone", secret: b"1", "created": 1}
        connection.execute(table.insert().values(values))
    users.remove(connection, anna)
    assert users.everybody(connection) == ()
    for table in (app_password, api_key):
        assert connection.execute(select(table)).all() == []
