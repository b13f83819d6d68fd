"""Streams, downloads and pictures, with ranges as HTTP has them."""

import re

import httpx

from hydrophone.testing.model_subsonic.library import FILE, Failed, Library, Params

SIDE = 600
"""Of a picture, in pixels."""
KBPS = {32: 1, 64: 5, 128: 9}
"""From the bit rates that it converts to, to how the header of a frame of MP3 says them."""
SECONDS = 2
"""Of each song."""
ORIGIN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Length, Content-Range",
}


def picture(side: int = SIDE) -> bytes:
    """Make the beginning of a PNG, which tells the size."""
    header = b"\x89PNG\r\n\x1a\n" + bytes([0, 0, 0, 13]) + b"IHDR"
    return header + side.to_bytes(4) * 2 + bytes(64)


def mp3(seconds: float, kbps: int = 128) -> bytes:
    """Make frames of MP3 without sound in them."""
    header = bytes([0xFF, 0xFB, KBPS[kbps] << 4, 0])
    return b"ID3\3\0\0\0\0\0\0" + header.ljust(144_000 * kbps // 44_100, b"\0") * int(
        seconds * 44_100 / 1152
    )


class Media(Library):
    """The endpoints that send bytes."""

    def _bytes(self, request: httpx.Request, name: str, params: Params) -> httpx.Response:
        id_ = params.get("id", params.get("mediaId", [""]))[0]
        kind, content = "audio/flac", FILE
        if name == "getTranscodeStream":
            is_good = params["transcodeParams"][0] == "good"
            return self._converted(params, "offset") if is_good else httpx.Response(400, text="No.")
        if name == "getCaptions":
            return self._captions(params)
        if name == "getAvatar":
            if params["username"][0] not in self.users:
                raise Failed(70)
            kind, content = "image/png", picture()
        elif name == "getCoverArt":
            if not re.fullmatch(r"(co-[123]|so-[1-6]x|al-[123]x)", id_):
                raise Failed(70)
            kind, content = "image/png", picture(int(params.get("size", [str(SIDE)])[0]))
        elif id_ not in self.songs:
            raise Failed(70)
        elif name == "hls.m3u8":
            return self._playlist_of_hls(request, params)
        elif params.get("format", ["raw"])[0] == "mp3":
            return self._converted(params, "timeOffset")
        return self._part(request, kind, content)

    @staticmethod
    def _converted(params: Params, offset: str) -> httpx.Response:
        seconds = SECONDS - int(params.get(offset, ["0"])[0])
        kbps = int(params.get("maxBitRate", ["128"])[0])
        content = mp3(seconds, kbps if kbps in KBPS else 128)
        return httpx.Response(200, headers={"content-type": "audio/mpeg"}, content=content)

    @staticmethod
    def _captions(params: Params) -> httpx.Response:
        if params["id"][0] != "so-6x":
            raise Failed(70)
        kind, text = "text/vtt", "WEBVTT\n\n00:00.500 --> 00:01.500\nTea\n"
        if params.get("format") == ["srt"]:
            kind, text = "application/x-subrip", "1\n00:00:00,500 --> 00:00:01,500\nTea\n"
        return httpx.Response(200, headers={"content-type": kind}, text=text)

    @staticmethod
    def _playlist_of_hls(request: httpx.Request, params: Params) -> httpx.Response:
        """List one variant, and of it one segment, which is the song."""
        query = request.url.query.decode()
        lines = ["#EXT-X-STREAM-INF:BANDWIDTH=64000", f"hls.m3u8?{query}&bitRate=64"]
        if "bitRate" in params:
            lines = ["#EXT-X-TARGETDURATION:2", "#EXTINF:2.0,", f"stream?{query}&format=raw",
                     "#EXT-X-ENDLIST"]  # fmt: skip
        headers = {"content-type": "application/vnd.apple.mpegurl"}
        return httpx.Response(200, headers=headers, text="\n".join(["#EXTM3U", *lines]))

    def _part(self, request: httpx.Request, kind: str, content: bytes) -> httpx.Response:
        headers = {**ORIGIN, "content-type": kind, "etag": '"tag"'}
        size, status, part = len(content), 200, content
        if request.headers.get("if-none-match") == '"tag"':
            return httpx.Response(304, headers=headers)
        found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
        if found and request.headers.get("if-range", '"tag"') == '"tag"':
            low, high = found[1], found[2]
            start = int(low) if low else size - int(high)
            end = min(int(high), size - 1) if low and high else size - 1
            if start >= size:
                return httpx.Response(416, headers={"content-range": f"bytes */{size}"})
            status, part = 206, content[start : end + 1]
            headers["content-range"] = f"bytes {start}-{end}/{size}"
        if request.method == "HEAD":
            return httpx.Response(status, headers={**headers, "content-length": str(len(part))})
        return httpx.Response(status, headers=headers, content=part)
