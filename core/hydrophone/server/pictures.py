"""Answers whose body is a picture."""

from http import HTTPStatus

from litestar.types import Receive, Scope, Send

from hydrophone.domain.media import Picture
from hydrophone.server.conditions import judge
from hydrophone.server.files import Headers


async def send_picture(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    picture: Picture,
    caching: bytes,
    headers: Headers = (),
) -> None:
    """Send a picture, or 304 to a client that has it already. Apps ask for hundreds at once.

    412 if the client wants another one. `caching` is the value of Cache-Control; `headers` are
    added to all answers.
    """
    etag = b'"%b"' % picture.etag.encode()
    common = [(b"etag", etag), (b"cache-control", caching), *headers]
    status = judge(scope, tag=etag)
    if status is not None:
        if status != HTTPStatus.NOT_MODIFIED:
            common.append((b"content-length", b"0"))
        await send({"type": "http.response.start", "status": status, "headers": common})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    common += [
        (b"content-type", picture.content_type.encode()),
        (b"content-length", b"%d" % len(picture.data)),
    ]
    body = b"" if scope.get("method") == "HEAD" else picture.data
    await send({"type": "http.response.start", "status": 200, "headers": common})
    await send({"type": "http.response.body", "body": body, "more_body": False})
