"""Everything below `/share`: the public pages of shares, their music and their pictures.

Plain ASGI, since music goes out by the same senders as to apps. No login leads here and no cookie:
whoever knows a share's id gets what its owner has put into it, and nothing else.
"""

import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from urllib.parse import parse_qs

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Receive, Scope, Send

from hydrophone.domain.media import AudioFile
from hydrophone.errors import GoneError, HydrophoneError, NotFoundError, UnavailableError
from hydrophone.server import share_assets
from hydrophone.server.address import PublicAddress
from hydrophone.server.files import GoesOn, Headers, send_file, send_growing, send_stream
from hydrophone.server.pictures import send_picture
from hydrophone.server.requests import note_request
from hydrophone.server.share_page import render_message, render_share
from hydrophone.services.conversions import EstimatedAudio, TranscodedAudio
from hydrophone.services.downloads import Archive
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.share_visits import CLIENT, ShareVisits
from hydrophone.services.streaming import Audio

PATH = "/share"

_COVER_SIZE, _THUMBNAIL_SIZE = 600, 120
_FORMATS = ("", "mp3")
_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE: Headers = (
    (
        b"content-security-policy",
        _POLICY,
    ),
    (b"x-content-type-options", b"nosniff"),
    # The address is the whole secret.
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
)
_NOT_KEPT = (b"cache-control", b"private, no-cache")
_KEPT_BY_VISITOR: Headers = ((b"content-disposition", b"attachment"),)
"""Without a name, which the page's link has."""
_AN_HOUR = b"private, max-age=3600"
_HTML = "text/html; charset=utf-8"
_ASSETS = {
    "page.css": "text/css; charset=utf-8",
    "player.js": "text/javascript; charset=utf-8",
}
_SLASHES = re.compile("/+")

Answer = Callable[[HTTPScope, Receive, Send], Awaitable[None]]


class SharePages:
    """The ASGI application below `/share`."""

    def __init__(self, visits: ShareVisits, address: PublicAddress, *, base_path: str) -> None:
        self._visits = visits
        self._address = address
        self._base = base_path + PATH
        self._assets = {name: (files(share_assets) / name).read_bytes() for name in _ASSETS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. What goes wrong on purpose is a page with the sentence."""
        if scope["type"] == ScopeType.WEBSOCKET:
            await send({"type": "websocket.close", "code": 1000, "reason": None})
            return
        note_request(client=CLIENT)
        if scope["method"] not in ("GET", "HEAD"):
            await _send_text(scope, send, 405, "", _HTML, ((b"allow", b"GET, HEAD"),))
            return
        try:
            answer = await self._find(scope)
            await answer(scope, receive, send)
        except HydrophoneError as error:
            # Senders raise before the first byte only.
            note_request(error=str(error))
            page = render_message(str(error), base=self._base)
            await _send_text(scope, send, _status_of(error), page, _HTML, (_NOT_KEPT,))

    async def _find(self, scope: HTTPScope) -> Answer:
        path = _SLASHES.sub("/", scope["path"]).removeprefix(self._base)
        match path.strip("/").split("/"):
            case [name] if name in self._assets:
                return self._asset(name)
            case [share_id]:
                return await self._page(scope, share_id)
            case [share_id, "cover"]:
                return await self._cover(share_id, "", _COVER_SIZE)
            case [share_id, "cover", track_id]:
                return await self._cover(share_id, track_id, _THUMBNAIL_SIZE)
            case [share_id, "stream", track_id]:
                query = parse_qs(scope["query_string"].decode("latin-1"))
                wanted = query.get("format", [""])[0]
                if wanted not in _FORMATS:
                    raise NotFoundError("There is no such format here.")
                audio, goes_on = await self._visits.stream(share_id, track_id, wanted)
                return await _audio(audio, goes_on=goes_on)
            case [share_id, "download"]:
                return _archive(await self._visits.download_all(share_id))
            case [share_id, "download", track_id]:
                audio = await self._visits.download(share_id, track_id)
                return await _audio(audio, _KEPT_BY_VISITOR)
        raise NotFoundError("There is no such page.")

    async def _page(self, scope: HTTPScope, share_id: str) -> Answer:
        is_looked_at = scope["method"] == "GET"
        open_share = self._visits.visit if is_looked_at else self._visits.look
        found = await open_share(share_id)
        address = self._address(scope)
        page = render_share(found, address=f"{address}{PATH}", base=self._base)

        async def send_page(scope: HTTPScope, receive: Receive, send: Send) -> None:
            await _send_text(scope, send, 200, page, _HTML, (_NOT_KEPT,))

        return send_page

    def _asset(self, name: str) -> Answer:
        async def send_asset(scope: HTTPScope, receive: Receive, send: Send) -> None:
            headers = ((b"cache-control", _AN_HOUR),)
            text = self._assets[name].decode()
            await _send_text(scope, send, 200, text, _ASSETS[name], headers)

        return send_asset

    async def _cover(self, share_id: str, track_id: str, size: int) -> Answer:
        picture = await self._visits.cover(share_id, track_id, size)

        async def send_cover(scope: HTTPScope, receive: Receive, send: Send) -> None:
            await send_picture(
                scope, receive, send, picture=picture, caching=_AN_HOUR, headers=_SAFE
            )

        return send_cover


async def _audio(audio: Audio, headers: Headers = (), *, goes_on: GoesOn | None = None) -> Answer:
    if isinstance(audio, TranscodedAudio):
        # Who opens the page has a browser.
        audio = await audio.soon() or audio
    common = (*_SAFE, (b"cache-control", _AN_HOUR), *headers)

    async def send_audio(scope: HTTPScope, receive: Receive, send: Send) -> None:
        if isinstance(audio, AudioFile):
            await send_file(
                scope,
                receive,
                send,
                path=audio.path,
                content_type=audio.content_type,
                etag=audio.etag,
                headers=common,
                goes_on=goes_on,
            )
        elif isinstance(audio, GrowingTrack | EstimatedAudio):
            await send_growing(
                scope,
                receive,
                send,
                chunks=audio.chunks,
                size=audio.size,
                content_type=audio.content_type,
                etag=audio.etag,
                headers=common,
                goes_on=goes_on,
            )
        else:
            await send_stream(
                scope,
                receive,
                send,
                chunks=audio.chunks(),
                content_type=audio.content_type,
                headers=common,
            )

    return send_audio


def _archive(archive: Archive) -> Answer:
    # Nobody knows what its middle is before its beginning was made again.
    headers = (*_SAFE, *_KEPT_BY_VISITOR, _NOT_KEPT, (b"accept-ranges", b"none"))

    async def send_archive(scope: HTTPScope, receive: Receive, send: Send) -> None:
        await send_stream(
            scope,
            receive,
            send,
            chunks=archive.chunks(),
            content_type="application/zip",
            declared_length=archive.length,
            headers=headers,
        )

    return send_archive


def _status_of(error: HydrophoneError) -> int:
    match error:
        case GoneError():
            return 410
        case NotFoundError():
            return 404
        case UnavailableError():
            return 503
    return 500


async def _send_text(
    scope: HTTPScope, send: Send, status: int, text: str, content_type: str, headers: Headers
) -> None:
    body = text.encode("utf-8", "replace")
    common = [
        *_SAFE,
        *headers,
        (b"content-type", content_type.encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": common})
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown, "more_body": False})
