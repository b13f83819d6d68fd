"""Hashes of login passwords: those of other parameters are renewed, and no login fails for it."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import Connection, select

from hydrophone.config import Config
from hydrophone.errors import AuthenticationError
from hydrophone.server.wiring import Server
from hydrophone.services.logins import _NOBODY_HASH
from hydrophone.services.password_hashing import MAX_PASSWORD
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.tables.user import user

pytestmark = pytest.mark.anyio


def hash_of(connection: Connection, name: str) -> str:
    statement = select(user.c.password_hash).where(user.c.name == name)
    return str(connection.execute(statement).scalar_one())


async def with_older_hash(server: Server, name: str, password: str) -> str:
    """Add an account whose password was hashed with other parameters than are used now."""
    older = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(password)

    def write(connection: Connection) -> None:
        connection.execute(user.update().where(user.c.name == name).values(password_hash=older))

    await server.services.accounts.add(name, password=password)
    await server.database.write(write)
    server.services.logins.forget()
    return older


async def test_a_hash_of_older_parameters_is_renewed_by_the_next_login(server: Server) -> None:
    """What is checked for unknown names must take as long as what is checked for known ones."""
    logins = server.services.logins
    others = await with_older_hash(server, "dora", "hers")
    older = await with_older_hash(server, "carl", "my own")
    with pytest.raises(AuthenticationError):
        await logins.verify_password("carl", "not mine")
    assert await server.database.read(hash_of, "carl") == older
    await logins.verify_password("carl", "my own")
    # The next wrong password is checked with the new one.
    assert "carl" not in logins._unlocked
    assert await server.database.read(hash_of, "dora") == others
    renewed = await server.database.read(hash_of, "carl")
    assert extract_parameters(renewed) == extract_parameters(_NOBODY_HASH)
    assert extract_parameters(renewed) != extract_parameters(older)
    logins.forget()
    await logins.verify_password("carl", "my own")
    with pytest.raises(AuthenticationError):
        await logins.verify_password("carl", "not mine")


async def test_who_logs_in_gets_in_though_nothing_can_be_written(
    server: Server, config: Config
) -> None:
    older = await with_older_hash(server, "carl", "my own")

    def hurry(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")

    await server.database.write(hurry)
    with connect(config.server.data_dir / DATABASE, durable=False) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert (await server.services.logins.verify_password("carl", "my own")).name == "carl"
        other.exec_driver_sql("ROLLBACK")
    assert await server.database.read(hash_of, "carl") == older


async def test_a_hash_is_renewed_of_what_is_looked_at_of_a_password(server: Server) -> None:
    long = "x" * MAX_PASSWORD
    older = await with_older_hash(server, "carl", long)
    for password in (f"{long}y", long):
        await server.services.logins.verify_password("carl", password)
        server.services.logins.forget()
    assert await server.database.read(hash_of, "carl") != older
