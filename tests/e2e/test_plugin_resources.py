"""Plugins and sources in the native API of a server that runs one."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hydrophone.testing import installed
from hydrophone.testing.loopback import loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import TARGET


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("plugins")
    installed.install(folder / "site", "synthetic", TARGET)
    (folder / "audio").mkdir()
    with loopback() as upstream:
        service = SyntheticService(upstream, folder / "audio", seconds=1.0)
        with running_plugin_server(
            folder / "data",
            {"synthetic": {"base_url": service.url}},
            environment=installed.environment(folder / "site"),
        ) as running:
            yield running


def ask(server: RunningServer, method: str, path: str) -> Any:
    login = (server.user, server.password)
    answer = httpx.request(method, f"{server.url}/api/v1{path}", auth=login, timeout=120)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def test_a_plugin_tells_how_it_stands(server: RunningServer) -> None:
    plugins = {one["instance"]: one for one in ask(server, "GET", "/plugins")}
    synthetic = plugins["synthetic"]
    assert (synthetic["state"], synthetic["error"]) == ("running", "")
    assert "source" in [one["capability"] for one in synthetic["capabilities"]]


def test_answers_of_a_source_are_counted_and_forgotten(server: RunningServer) -> None:
    with server.client() as client:
        listed = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        [number] = [one["id"] for one in listed if one["name"] == "Synthetic"]
        client.ask("getIndexes", musicFolderId=number)
    [source] = ask(server, "GET", "/sources")
    assert (source["source"], source["title"]) == ("synthetic", "Synthetic")
    assert (source["is_running"], source["library_id"]) == (True, number)
    assert source["answers"]["count"] >= 1
    ask(server, "DELETE", "/sources/synthetic/answers")
    [source] = ask(server, "GET", "/sources")
    assert source["answers"] is None


def test_searches_are_remembered_for_who_searched_and_forgotten(server: RunningServer) -> None:
    with server.client() as client:
        for words in ("pier", "signal"):
            client.ask("search3", query=words)
    found = ask(server, "GET", "/searches")
    assert [one["text"] for one in found] == ["signal", "pier"]
    assert found[0]["searched"] >= found[1]["searched"] > 0
    assert [one["text"] for one in ask(server, "GET", "/searches?size=1")] == ["signal"]
    ask(server, "DELETE", "/searches")
    assert ask(server, "GET", "/searches") == []
