"""Parameters that are posted: read up to a limit, together with those of the query."""

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest

from hydrophone_subsonic.layer import SubsonicLayer
from hydrophone_subsonic.request_body import MAX_SIZE, MOST_READ

pytestmark = pytest.mark.anyio

LOGIN = {"u": "alice", "p": "sesame", "c": "test"}
JSON = {**LOGIN, "f": "json"}
FORM = b"application/x-www-form-urlencoded"


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Read the failure out of a JSON answer, which has status 200 like any other."""
    assert answer.status_code == 200
    envelope = answer.json()["subsonic-response"]
    assert envelope["status"] == "failed"
    return envelope["error"]["code"], envelope["error"]["message"]


async def test_forms_hold_all_parameters(client: httpx.AsyncClient) -> None:
    answer = await client.post("/getSong.view", data=JSON)
    assert error_of(answer) == (10, "Required parameter id is missing.")


async def test_form_and_query_together(client: httpx.AsyncClient, fakes: Any) -> None:
    answer = await client.post(
        "/star",
        params={"f": "json", "id": "tr-1", "u": "alice"},
        content=urlencode([("id", "tr-2"), ("p", "sesame"), ("id", "al-3")]),
        headers={"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"},
    )
    assert answer.json()["subsonic-response"]["status"] == "ok"
    (call,) = fakes.annotations.calls
    assert call[2] == ("tr-1", "tr-2", "al-3")


async def test_json_bodies_are_no_forms(client: httpx.AsyncClient) -> None:
    answer = await client.post("/ping", params={"f": "json"}, json=LOGIN)
    assert error_of(answer) == (10, "Required parameter u is missing.")


async def test_large_forms_are_refused(client: httpx.AsyncClient) -> None:
    async def chunks() -> Any:
        for _ in range(9):
            yield b"x" * 1024 * 1024

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"x" * (MAX_SIZE + 1), chunks()):
        answer = await client.post("/ping", params=JSON, content=content, headers=headers)
        assert error_of(answer) == (0, "The body is larger than 8192 KiB.")


@pytest.mark.parametrize(
    "more", [[(b"content-length", b"%d" % (MOST_READ + 1))],
             [(b"content-length", b"%d" % (MAX_SIZE + 1)), (b"expect", b"100-continue")]]
)  # fmt: skip
async def test_a_form_is_not_read_if_nobody_has_to_send_it_or_it_has_no_end(
    layer: SubsonicLayer, more: list[tuple[bytes, bytes]]
) -> None:
    async def receive() -> Any:
        pytest.fail("There is no need to read it.")

    said = await refusal_of(layer, receive, [(b"content-type", FORM), *more])
    assert b"The body is larger than 8192 KiB." in said


async def refusal_of(
    layer: SubsonicLayer, receive: Any, headers: list[tuple[bytes, bytes]]
) -> bytes:
    """Post to /ping and return the answer."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/ping", "query_string": b"f=json"}
    await layer(cast(Any, {**scope, "headers": headers}), receive, send)
    return cast(bytes, sent[-1]["body"])


async def test_a_large_form_is_read_to_its_end_before_it_is_refused(layer: SubsonicLayer) -> None:
    parts = [b"x" * 1024 * 1024] * 30
    left = list(parts)

    async def receive() -> Any:
        return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

    length = (b"content-length", b"%d" % sum(map(len, parts)))
    said = await refusal_of(layer, receive, [(b"content-type", FORM), length])
    assert b"The body is larger than 8192 KiB." in said
    assert left == []


async def test_a_form_without_an_end_is_refused_in_the_end(layer: SubsonicLayer) -> None:
    read = 0

    async def receive() -> Any:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": True}

    said = await refusal_of(layer, receive, [(b"content-type", FORM)])
    assert b"The body is larger than 8192 KiB." in said
    assert read == MOST_READ // 1024**2 + 1


async def test_forms_in_parts_are_refused_with_a_reason(client: httpx.AsyncClient) -> None:
    words = "Forms are read as application/x-www-form-urlencoded, not as multipart/form-data."
    answer = await client.post("/ping", params={"f": "json"}, files={"u": (None, "alice")})
    assert error_of(answer) == (0, words)
    answer = await client.post("/ping", files={"u": (None, "alice")})
    assert words in answer.text
    assert answer.headers["content-type"].startswith("text/xml")


async def test_no_part_is_as_good_as_no_form(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await client.post("/ping", params=JSON, headers=headers)
    assert answer.json()["subsonic-response"]["status"] == "ok"


@pytest.mark.parametrize(
    ("before", "after"), [("", "&f=json"), ("f=json", ""), ("", "&f=json&f=xml")]
)
async def test_too_many_parameters_are_refused_in_the_right_format(
    client: httpx.AsyncClient, before: str, after: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = before + "&id=1" * 50_000 + after
    answer = await client.post("/ping", content=body, headers=headers)
    assert error_of(answer) == (0, "There are more than 50000 parameters.")
    jsonp = "f=jsonp&callback=call" + "&id=1" * 50_000
    answer = await client.post("/ping", content=jsonp, headers=headers)
    assert answer.text.startswith("call(")


async def test_a_form_just_small_enough(client: httpx.AsyncClient) -> None:
    body = urlencode(JSON) + "&comment="
    body += "x" * (MAX_SIZE - len(body))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/ping", content=body, headers=headers)
    assert answer.json()["subsonic-response"]["status"] == "ok"


async def test_a_client_that_leaves_while_it_sends(layer: SubsonicLayer) -> None:
    messages: Iterator[dict[str, object]] = iter(
        [
            {"type": "http.request", "body": b"u=al", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[object] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: object) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/ping", "query_string": b""}
    await layer(cast(Any, {**scope, "headers": headers}), receive, send)

    assert sent == []
