"""Plugins installed beside the real server: good ones, broken ones, and those left off."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.loopback import loopback
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer, running_server

GOOD = """
from pathlib import Path

import click
from msgspec import Struct

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.secret import Secret
from hydrophone.errors import ProviderUnavailableError
from hydrophone.plugin import PLUGIN_API, Manifest, Permission, Plugin, hookimpl, pass_plugin
from hydrophone.plugin.capabilities.webhook import WebhookResponse


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    base_url: str
    token: Secret = Secret("")


class Diary:
    name = "diary"
    interval = 3600.0

    def __init__(self, context):
        self.context = context

    async def run(self, request):
        await self.context.store.put("ran", b"yes")


class Bell:
    name = "bell"

    async def handle(self, request):
        if request.query.get("odd"):
            raise ValueError("odd")
        content = request.method.encode() + b" " + request.content
        return WebhookResponse(status=201, content=content, headers={"X-Bell": "1"})


class Words:
    async def lyrics(self, request):
        return (Lyrics(is_synced=False, lines=(LyricsLine(text=f"{request.title} by a plugin"),)),)


class Good(Plugin[Config]):
    manifest = Manifest(
        name="good",
        version="1.2",
        summary="Does what it should.",
        api=PLUGIN_API,
        config=Config,
        permissions=(Permission(kind="network", target="base_url", reason="To ask it."),),
    )

    async def start(self):
        await self.context.secrets.put("token", self.config.token.reveal())

    async def check(self):
        answer = await self.context.http.get(self.config.base_url + "/status")
        return f"It answers: {answer.content.decode()}"

    @hookimpl
    def webhooks(self):
        return (Bell(),)

    @hookimpl
    def lyrics_providers(self):
        return (Words(),)

    @hookimpl
    def jobs(self):
        return (Diary(self.context),)

    @classmethod
    @hookimpl
    def commands(cls):
        return (ask,)


@click.command()
@click.argument("what")
@pass_plugin(Good)
async def ask(plugin, what):
    \"\"\"Ask the service for something.\"\"\"
    ran = await plugin.context.store.get("ran")
    click.echo(f"{what} {plugin.context.instance} {plugin.config.token} {ran}")
"""
PLUGINS = {
    "good": GOOD,
    "raising": "raise ValueError('odd')",
    "hanging": """
import asyncio
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin


class Hanging(Plugin):
    manifest = Manifest(name="hanging", version="1", summary="Hangs.", api=PLUGIN_API)

    async def start(self):
        await asyncio.Event().wait()
""",
    "rude": """
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin


class Rude(Plugin):
    manifest = Manifest(name="rude", version="1", summary="", api=PLUGIN_API)
""",
    "future": """
from hydrophone.plugin import Manifest, Plugin


class Future(Plugin):
    manifest = Manifest(name="future", version="1", summary="Not yet.", api=(99, 0))
""",
}
IDLE = "import pathlib, os; pathlib.Path(os.environ['IMPORTED']).write_text(__name__)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is one of `sys.path`, with these plugins and ten more that nobody wants."""
    folder = tmp_path_factory.mktemp("site")
    idle = {f"idle{number}": IDLE for number in range(10)}
    make_site(folder, PLUGINS | idle)
    return folder


@pytest.fixture(scope="module")
def environment(site: Path) -> dict[str, str]:
    return {
        **make_site(site, {}),
        "GOOD_TOKEN": "s3cret",
        "IMPORTED": str(site / "imported.txt"),
        "COLUMNS": "200",
    }


@pytest.fixture(scope="module")
def server(
    music: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("data")
    (data / "config.toml").write_text(
        "[plugins.good]\n"
        'base_url = "http://127.0.0.1:9"\n'
        'token = { env = "GOOD_TOKEN" }\n'
        '[plugins.second]\nplugin = "good"\nbase_url = 5\n'
        "[plugins.rude]\n[plugins.raising]\n[plugins.hanging]\n[plugins.future]\n[plugins.absent]\n"
        '[plugins.misspelt]\nplugin = "good"\nbase_url = "http://127.0.0.1:9"\ntokn = "s3cret"\n'
    )
    # Commands that show those of plugins import all of them.
    own = environment | {"IMPORTED": str(data / "imported.txt")}
    with running_server(data, music=[music], environment=own) as running:
        yield running


def command(
    environment: dict[str, str], *words: str | Path, code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = run(*words, code=code, environment=environment)
    assert "Traceback" not in done.stderr
    return done


def statuses(environment: dict[str, str], data: Path) -> dict[str, dict[str, Any]]:
    listed = command(environment, "plugins", "--data", data, "--json")
    return {one["instance"]: one for one in json.loads(listed.stdout)}


def test_one_that_works_runs_and_the_others_say_why_not(
    server: RunningServer, environment: dict[str, str]
) -> None:
    deadline = time.monotonic() + 60
    while "good" not in (found := statuses(environment, server.data)) or (
        found["good"]["state"] != "running" or found["hanging"]["state"] == "starting"
    ):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    said = {name: (one["state"], one["error"]) for name, one in found.items()}
    assert said["good"] == ("running", "")
    file = server.data / "config.toml"
    assert said["second"] == (
        "config_error",
        f"{file}:6: plugins.second.base_url: Expected `str`, got `int`",
    )
    assert said["misspelt"][0] == "config_error"
    assert "misspelt.tokn: no such key; did you mean plugins.misspelt.token?" in said["misspelt"][1]
    assert said["rude"][0] == "load_error"
    assert "Expected `str` of length >= 1 - at `$.summary`" in said["rude"][1]
    assert said["raising"][0] == "load_error"
    assert "ValueError: odd" in said["raising"][1]
    assert said["hanging"] == ("start_error", "It cannot start: It took longer than 10 seconds.")
    assert said["future"][0] == "incompatible"
    assert said["absent"][0] == "missing"
    assert said["idle3"] == ("disabled", "")
    with server.client() as client:
        client.await_scan(tracks=5)
    assert "s3cret" not in server.log.read_text()


def test_what_is_not_switched_on_is_not_imported(server: RunningServer) -> None:
    assert not (server.data / "imported.txt").exists()


def test_its_job_runs_by_the_clock(server: RunningServer, environment: dict[str, str]) -> None:
    deadline = time.monotonic() + 60
    while True:
        found = json.loads(command(environment, "jobs", "--data", server.data, "--json").stdout)
        if [one["state"] for one in found if one["kind"] == "good.diary"] == ["done"]:
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def test_says_without_a_server_what_they_could_do(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[plugins.good]\nbase_url = "http://127.0.0.1:9"\n')
    listed = command(environment, "plugins", "--data", tmp_path).stdout
    assert "not asked: no server runs" in listed
    assert "lyrics provider" in listed


def test_are_tried_before_there_is_a_data_folder(
    environment: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "try.toml"
    with loopback() as service:
        service.serve("/status", b"fine")
        config.write_text(f'[plugins.good]\nbase_url = "{service.url}"\n')
        where = ("--config", config, "--data", tmp_path / "data")
        assert "not asked: no server runs" in command(environment, "plugins", *where).stdout
        checked = command(environment, "plugins", "check", "good", *where)
        assert "It answers: fine" in checked.stdout
    assert not (tmp_path / "data").exists()
    unknown = command(environment, "ask", "me", "--instance", "other", *where, code=1)
    assert "has no table [plugins.other]" in unknown.stderr
    assert not (tmp_path / "data").exists()
    # What a command keeps, as a login, is for the server to find.
    command(environment, "ask", "me", *where)
    assert (tmp_path / "data" / "hydrophone.db").exists()


def test_what_is_wrong_is_readable_on_a_narrow_terminal(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[plugins.good]\nbase_url = ""\ntokn = "a"\n')
    narrow = {**environment, "COLUMNS": "80"}
    listed = command(narrow, "plugins", "--data", tmp_path).stdout
    assert "plugins.good.tokn: no such key; did you mean plugins.good.token?" in listed


def test_a_new_one_with_the_name_of_another_is_warned_of(
    environment: dict[str, str], tmp_path: Path
) -> None:
    made = command(environment, "plugins", "new", "good", "--to", tmp_path)
    assert "hydrophone-good 1.2 is installed and has a plugin good, too" in made.stderr
    assert (tmp_path / "hydrophone-good").is_dir()
    for file in (tmp_path / "hydrophone-good").rglob("*.py"):
        for module in re.findall(r"^(?:from|import) hydrophone\.(\w+)", file.read_text(), re.M):
            # All else may change at any time, says the reference.
            assert module in {"plugin", "domain", "errors", "testing"}, file


def test_lists_them_for_people(server: RunningServer, environment: dict[str, str]) -> None:
    listed = command(environment, "plugins", "--data", server.data)
    assert "1.2" in listed.stdout
    assert "config error" in listed.stdout
    assert "Does not run: second, rude, raising" in listed.stderr


def test_its_command_runs_beside_the_server(
    server: RunningServer, environment: dict[str, str]
) -> None:
    asked = command(environment, "ask", "weather", "--data", server.data)
    assert asked.stdout.startswith("weather good Secret('***') ")
    refused = command(
        environment, "ask", "x", "--instance", "absent", "--data", server.data, code=1
    )
    assert "No plugin absent is installed" in refused.stderr


def test_check_says_what_its_service_says(
    server: RunningServer, environment: dict[str, str]
) -> None:
    checked = command(environment, "plugins", "check", "good", "--data", server.data, code=1)
    assert "network base_url: To ask it." in checked.stdout
    assert "127.0.0.1 cannot be reached" in checked.stderr
    nobody = command(environment, "plugins", "check", "nobody", "--data", server.data, code=1)
    assert "[plugins.nobody]" in nobody.stderr


def test_help_has_its_commands_without_a_configuration(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    shown = command({**environment, "HOME": str(tmp_path)}, "--help")
    assert "Ask the service for something." in shown.stdout
    assert "ValueError: odd" in shown.stderr
    assert "Usage: hydrophone ask" in command(environment, "ask", "--help").stdout


def test_other_services_can_call_it(server: RunningServer) -> None:
    url = f"{server.url}/hooks/good/bell"
    answer = httpx.post(url, content=b"ding")
    assert (answer.status_code, answer.text, answer.headers["x-bell"]) == (201, "POST ding", "1")
    assert httpx.get(url).text == "GET "
    assert httpx.put(url).status_code == 405
    assert httpx.get(f"{server.url}/hooks/good/nobody").status_code == 404
    assert httpx.get(f"{server.url}/hooks/raising/bell").status_code == 404
    failed = httpx.get(url, params={"odd": "1"})
    assert (failed.status_code, failed.text) == (502, "The plugin cannot answer now.")
    assert httpx.post(url, content=b"x" * 1024 * 1025).status_code == 413


def test_its_words_are_shown_where_the_library_has_none(server: RunningServer) -> None:
    with server.client() as client:
        client.await_scan(tracks=5)
        (song,) = client.ask("search3", query="song 3", artistCount=0)["searchResult3"]["song"]
        found = client.ask("getLyricsBySongId", id=song["id"])["lyricsList"]["structuredLyrics"]
    assert [line["value"] for line in found[0]["line"]] == ["Song 3 by a plugin"]
