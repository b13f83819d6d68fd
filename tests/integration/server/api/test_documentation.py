"""The page that the native API has on itself."""

import re

import pytest
from lxml import html

from hydrophone.testing.native_api import Api

pytestmark = pytest.mark.anyio


async def test_the_page_has_every_operation_and_structure(api: Api) -> None:
    answer = await api.ask("anonymous", "GET", "/docs")
    assert answer.headers["content-type"].startswith("text/html")
    schema = (await api.ask("anonymous", "GET", "/docs/openapi.json")).json()
    page = html.fromstring(answer.content)
    shown = {"".join(map(str, heading.itertext())) for heading in page.iter("h3")}
    for path, item in schema["paths"].items():
        for method in item:
            assert any(text == f"{method.upper()}{path}" for text in shown), path
    assert schema["components"]["schemas"].keys() <= shown


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_its_links_lead_somewhere_and_nothing_is_loaded(api: Api, path: str) -> None:
    answer = await api.ask("anonymous", "GET", path)
    page = html.fromstring(answer.content)
    elements = list(page.iter())
    ids = {element.get("id") for element in elements}
    links = {link for element in elements if (link := element.get("href"))}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= ids
    assert {link for link in links if not link.startswith("#")} == {"/api/docs/openapi.json"}
    assert not [e for e in elements if e.get("src") or e.tag in ("script", "link")]
    assert not re.search(r"url\(|@import", answer.text)


async def test_code_is_shown_as_code(api: Api) -> None:
    text = (await api.ask("anonymous", "GET", "/docs")).text
    assert "`" not in text
    assert "</a><a" not in text


async def test_every_operation_says_what_it_is_for(api: Api) -> None:
    schema = (await api.ask("anonymous", "GET", "/docs/openapi.json")).json()
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            assert operation["description"], (method, path)
            assert operation["summary"], (method, path)
            assert len(operation["tags"]) == 1, (method, path)
            assert "default" in operation["responses"], (method, path)
