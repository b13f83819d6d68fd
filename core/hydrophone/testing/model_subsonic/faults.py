"""Kinds of faults, as keywords of `Wrong`."""

from collections.abc import Callable
from typing import Any, TypedDict

import httpx

from hydrophone.testing.model_subsonic.library import Failed, Json, Params

Before = Callable[[str, Params], None]
Edit = Callable[[str, Params, Json], None]
After = Callable[[httpx.Request, str, Params, httpx.Response], httpx.Response]


class Fault(TypedDict, total=False):
    """The keywords of `Wrong`."""

    before: Before
    edit: Edit
    after: After


def ignoring(*names: str, only: str = "") -> Fault:
    """Read some parameters as if they had not been sent."""

    def before(endpoint: str, params: Params) -> None:
        for name in names if only in ("", endpoint) else ():
            params.pop(name, None)

    return {"before": before}


def refusing(endpoint: str, code: int, *, given: str = "", value: str | None = None) -> Fault:
    """Fail with a code, where a parameter is given (with this value)."""

    def before(name: str, params: Params) -> None:
        if name != endpoint or (given and given not in params):
            return
        if value is None or params[given][0] == value:
            raise Failed(code)

    return {"before": before}


def with_code(endpoint: str, wanted: int | None) -> Fault:
    """Fail with another code than is right, or succeed."""

    def edit(name: str, _: Params, envelope: Json) -> None:
        if name == endpoint and envelope["status"] == "failed":
            if wanted is None:
                envelope["status"] = "ok"
                del envelope["error"]
            else:
                envelope["error"]["code"] = wanted

    return {"edit": edit}


def saying(endpoint: str, path: str, value: object) -> Fault:
    """Put a value at a place of each success: `album.song.0.id`; `...` takes it out."""

    def edit(name: str, _: Params, envelope: Json) -> None:
        if name not in endpoint.split() or envelope["status"] == "failed":
            return
        *way, last = path.split(".")
        at: Any = envelope
        for step in way:
            if not at or (isinstance(at, dict) and step not in at):
                return
            at = at[int(step) if isinstance(at, list) else step]
        key: Any = int(last) if isinstance(at, list) else last
        if value is ...:
            at.pop(key, None)
        else:
            at[key] = value

    return {"edit": edit}


def doing(endpoint: str, change: Callable[[Params], None]) -> Fault:
    """Change what is asked."""

    def before(name: str, params: Params) -> None:
        if name == endpoint:
            change(params)

    return {"before": before}


def answering(
    endpoint: str = "",
    *,
    f: str = "",
    post: bool = False,
    ok: bool | None = None,
    **changes: Any,  # noqa: ANN401 - of four types
) -> Fault:
    """Answer with another `status`, `content` (old, new) or header (`kind` is the type)."""

    def after(
        request: httpx.Request, name: str, params: Params, response: httpx.Response
    ) -> httpx.Response:
        if endpoint not in ("", name) or (post and request.method != "POST"):
            return response
        if f and params.get("f", ["xml"])[0] != f:
            return response
        if ok is not None and ok == (b'"failed"' in response.content):
            return response
        headers = dict(response.headers) | changes.get("headers", {})
        headers = {key: value for key, value in headers.items() if value is not None}
        headers.pop("content-length", None)
        if "kind" in changes:
            headers["content-type"] = changes["kind"]
        old, new = changes.get("content", (None, b""))
        content = response.content.replace(old, new) if old else response.content
        if old == b"":
            content = new
        if request.method == "HEAD":
            headers["content-length"] = response.headers.get("content-length", "0")
            content = b""
        return httpx.Response(changes.get("status", response.status_code), headers=headers,
                              content=content)  # fmt: skip

    return {"after": after}


def without_ranges(endpoint: str = "stream") -> Fault:
    """Send the whole file to whoever wants a part."""

    def after(
        request: httpx.Request, name: str, _: Params, response: httpx.Response
    ) -> httpx.Response:
        if name != endpoint or response.status_code != 206:
            return response
        return httpx.Response(200, headers={"content-type": "audio/flac"}, content=b"x" * 2040)

    return {"after": after}


def remembering_nothing(endpoint: str) -> Fault:
    """Say ok to a call that changes something, and do nothing."""

    def before(name: str, _: Params) -> None:
        if name == endpoint:
            raise Failed(-1)

    def edit(name: str, _: Params, envelope: Json) -> None:
        if name == endpoint and envelope["status"] == "failed":
            envelope["status"] = "ok"
            del envelope["error"]

    return {"before": before, "edit": edit}


def first_only(endpoint: str, parameter: str) -> Fault:
    """Read a repeated parameter as if it had been sent once."""
    return doing(endpoint, lambda params: params.update({parameter: params[parameter][:1]})
                 if parameter in params else None)  # fmt: skip


def every_envelope(change: Callable[[Json], object], *, failed: bool | None = None) -> Fault:
    """Change each envelope, or those of failures or successes only."""

    def edit(_: str, __: Params, envelope: Json) -> None:
        if failed is None or failed == (envelope["status"] == "failed"):
            change(envelope)

    return {"edit": edit}
