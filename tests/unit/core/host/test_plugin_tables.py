"""What stands in a plugin's table of the configuration, and what is wrong there."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.core.host.hosting import host_of, status_of
from tests.unit.core.host.odd_plugins import Wanting

from hydrophone.config import load_config
from hydrophone.host.records import PluginState

pytestmark = pytest.mark.anyio


async def test_installed_is_not_enabled() -> None:
    host, _ = host_of({})
    await host.start()
    (status,) = host.statuses()
    assert (status.plugin, status.state) == ("good", PluginState.DISABLED)


async def test_a_table_may_switch_off() -> None:
    assert (await status_of({"enabled": False})).state is PluginState.DISABLED


async def test_says_that_a_plugin_is_not_installed() -> None:
    host, _ = host_of({"absent": {}})
    await host.start()
    status = host.statuses()[0]
    assert status.state is PluginState.MISSING
    assert "plugins install absent" in status.error


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"sped": 2}, "plugins.good.sped: no such key; did you mean plugins.good.speed?"),
        ({"timeot": 2}, "plugins.good.timeot: no such key; did you mean plugins.good.timeout?"),
        ({"odd": 2, "sped": 3}, "plugins.good.odd: no such key; plugins.good.sped: no such key;"),
        ({"speed": "fast"}, "plugins.good.speed: Expected `float`, got `str`"),
        ({"speed": -1}, "plugins.good.speed: Expected `float` > 0.0"),
        ({"timeout": 0}, "plugins.good.timeout: Expected `float` > 0.0"),
        ({"key": {"env": "NO_SUCH_KEY"}}, "plugins.good.key: The environment has no NO_SUCH_KEY"),
        ({"key": {"file": "/no/such/file"}}, "plugins.good.key: The file /no/such/file cannot be"),
        ({"key": 5}, "plugins.good.key: Expected text"),
    ],
)
async def test_says_what_is_wrong_in_its_table(table: Mapping[str, object], said: str) -> None:
    status = await status_of(table)
    assert status.state is PluginState.CONFIG_ERROR
    assert status.error.startswith(said)


async def test_says_where_a_wrong_key_stands(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[plugins.good]\nsped = 2\n")
    tables = load_config(file, environ={}).plugins
    assert (await status_of(tables["good"])).error == (
        f"{file}:2: plugins.good.sped: no such key; did you mean plugins.good.speed?"
    )
    environ = {"HYDROPHONE_PLUGINS__GOOD__SPEED": "fast"}
    file.write_text("[plugins.good]\n")
    tables = load_config(file, environ=environ).plugins
    assert (await status_of(tables["good"])).error == (
        "HYDROPHONE_PLUGINS__GOOD__SPEED: plugins.good.speed: Expected `float`, got `str`"
    )


async def test_says_where_a_key_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[server]\n[plugins.good]\n")
    tables = load_config(file, environ={}).plugins
    status = await status_of(tables["good"], Wanting)
    assert status.error == f"{file}:2: plugins.good.base_url: is missing"


async def test_takes_what_the_environment_writes_as_text() -> None:
    host, _ = host_of({"good": {"speed": "2.5", "enabled": "true"}})
    await host.start()
    assert host.plugin("good").config.speed == 2.5
    await host.stop()


async def test_reads_secrets_from_the_environment_and_shows_none() -> None:
    host, _ = host_of({"good": {"key": {"env": "KEY"}}}, environ={"KEY": "s3cret"})
    await host.start()
    config = host.plugin("good").config
    assert config.key.reveal() == "s3cret"
    assert "s3cret" not in f"{config!r} {config.key}"
    await host.stop()
