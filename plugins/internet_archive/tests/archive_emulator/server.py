"""The servers: one with the interfaces of archive.org, one as a data node."""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from archive_emulator.items import EmulatedItem
from archive_emulator.lucene import BadQueryError, parse, values
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.loopback import Loopback, Request, Route, loopback, respond, send_file

_DEEPEST = 10_000
_DISGUISES = {"audio/flac": ".flac", "audio/mpeg": ".mp3", "application/ogg": ".ogg"}


class Emulator:
    """The Archive: `main` is archive.org and `node` where its files lie."""

    def __init__(self, main: Loopback, node: Loopback, items: Iterable[EmulatedItem]) -> None:
        self.main = main
        self.node = node
        self.url = main.url
        self.items = {one.identifier: one for one in items}
        main.routes = _Prefixes(
            {
                "/advancedsearch.php": self._search,
                "/services/search/v1/scrape": self._scrape,
                "/metadata/": self._metadata,
                "/download/": self._download,
                "/services/img/": self._picture,
            }
        )
        node.routes = _Prefixes({"/7/items/": self._file})

    def asked(self, path: str) -> list[Request]:
        """Return the requests to archive.org for paths that begin so."""
        return [one for one in self.main.requests if one.path.startswith(path)]

    def queries(self) -> list[str]:
        """Return what was searched for."""
        return [_parameters(one)["q"][0] for one in self.asked("/advancedsearch.php")]

    def forget(self) -> None:
        """Forget all requests, and have no faults any more."""
        for one in (self.main, self.node):
            one.requests.clear()
            one.recover()

    def _found(self, query: str) -> list[dict[str, Any]]:
        test = parse(query)
        return [fields for one in self.items.values() if test(fields := one.fields())]

    def _search(self, request: Request, connection: socket.socket) -> None:
        asked = _parameters(request)
        rows, page = int(asked.get("rows", ["50"])[0]), int(asked.get("page", ["1"])[0])
        if asked.get("output") != ["json"]:
            respond(connection, b"<html>advanced search</html>", headers=_type("text/html"))
            return
        try:
            found = self._found(asked["q"][0])
        except BadQueryError as error:
            _json(connection, {"error": str(error), "forensics": {}})
            return
        if rows * page > _DEEPEST:
            _json(connection, {"error": "[RANGE_OUT_OF_BOUNDS] 10000 is the limit"})
            return
        for sort in asked.get("sort[]", []):
            name, _, way = sort.partition(" ")
            found.sort(key=partial(_order, name), reverse=way == "desc")
        start = rows * (page - 1)
        _json(
            connection,
            {
                "responseHeader": {"status": 0, "QTime": 1},
                "response": {
                    "numFound": len(found),
                    "start": start,
                    "docs": [_some(one, asked["fl[]"]) for one in found[start : start + rows]],
                },
            },
        )

    def _scrape(self, request: Request, connection: socket.socket) -> None:
        asked = _parameters(request)
        count, start = int(asked["count"][0]), int(asked.get("cursor", ["0"])[0])
        if count < 100:
            _json(connection, {"error": "count must be at least 100", "errorType": "RangeError"})
            return
        found = self._found(asked["q"][0])
        page = found[start : start + count]
        answer: dict[str, Any] = {
            "items": [_some(one, asked["fields"][0].split(",")) for one in page],
            "count": len(page),
            "total": len(found),
        }
        if start + count < len(found):
            answer["cursor"] = str(start + count)
        _json(connection, answer)

    def _metadata(self, request: Request, connection: socket.socket) -> None:
        item = self.items.get(unquote(request.path.removeprefix("/metadata/")))
        _json(connection, item.document() if item is not None else {})

    def _download(self, request: Request, connection: socket.socket) -> None:
        path = request.path.removeprefix("/download/")
        identifier, _, name = path.partition("/")
        item = self.items.get(unquote(identifier))
        if item is None or unquote(name) not in item.content:
            respond(connection, b"<html>not found</html>", status="404 Not Found")
            return
        there = {"Location": f"{self.node.url}/7/items/{quote(unquote(path), safe='/')}"}
        respond(connection, status="302 Found", headers=there)

    def _picture(self, request: Request, connection: socket.socket) -> None:
        respond(connection, make_picture(size=16), headers=_type("image/jpeg"))

    def _file(self, request: Request, connection: socket.socket) -> None:
        identifier, _, name = unquote(request.path.removeprefix("/7/items/")).partition("/")
        item = self.items[identifier]
        if name in item.refused:
            respond(connection, b"<html>no</html>", status="403 Forbidden")
            return
        kinds = (kind for kind, suffix in _DISGUISES.items() if name.endswith(suffix))
        kind = next(kinds, "application/octet-stream")
        tag = f'"{len(item.content[name])}-{hash(name) & 0xFFFF:x}"'
        send_file(request, connection, item.content[name], etag=tag, content_type=kind)


class _Prefixes(dict[str, Route]):
    """Routes by the beginning of the path, as the Archive has no list of all paths."""

    def get(self, path: str, default: Any = None) -> Any:
        return next((self[start] for start in self if path.startswith(start)), default)


@contextmanager
def emulator(items: Iterable[EmulatedItem]) -> Iterator[Emulator]:
    """Run an Archive with these items on two free ports."""
    with loopback() as main, loopback() as node:
        yield Emulator(main, node, items)


def _parameters(request: Request) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.target).query)


def _order(name: str, fields: dict[str, Any]) -> str:
    text = (values(fields.get(name)) or [""])[0]
    return text.zfill(12) if text.isdecimal() else text


def _some(fields: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    return {name: fields[name] for name in wanted if fields.get(name) is not None}


def _json(connection: socket.socket, answer: object) -> None:
    respond(connection, json.dumps(answer).encode(), headers=_type("application/json"))


def _type(kind: str) -> dict[str, str]:
    return {"Content-Type": kind}
