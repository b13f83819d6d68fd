"""What servers do wrong that takes more than a word to say."""

import httpx

from hydrophone.testing.model_subsonic import Failed
from hydrophone.testing.model_subsonic.faults import (
    Fault,
)
from hydrophone.testing.model_subsonic.library import FILE, Json, Params


def removing_one_by_one(params: Params) -> None:
    """Remove one after the other, each position being that of the list that is left."""
    if "songIndexToRemove" in params:
        params["songIndexToRemove"] = ["0", "2"]


def letting_in(_: str, params: Params) -> None:
    """Let in whoever shows nothing at all."""
    if not {"u", "p", "t", "apiKey"} & set(params):
        params |= {"u": ["admin"], "p": ["sesame-street"]}


def preferring_password(_: str, params: Params) -> None:
    if "t" in params and "p" in params:
        params["t"] = ["0"]


def forgetting_folders(params: Params) -> None:
    if params["id"] == ["1"]:
        raise Failed(70)


def counting_streams() -> Fault:
    """Count a play for each stream."""
    heard: list[str] = []

    def before(name: str, params: Params) -> None:
        if name == "stream":
            heard.append(params["id"][0])

    def edit(name: str, _: Params, envelope: Json) -> None:
        if name == "getSong" and envelope["status"] == "ok":
            envelope["song"]["playCount"] = heard.count(envelope["song"]["id"])

    return {"before": before, "edit": edit}


def reversed_years(name: str, _: Params, envelope: Json) -> None:
    if name == "getAlbumList2" and "albumList2" in envelope:
        envelope["albumList2"]["album"].sort(key=lambda album: album["year"])


def twice_starred(name: str, _: Params, envelope: Json) -> None:
    if name == "getStarred2":
        envelope["starred2"]["song"] *= 2


def case_matters(params: Params) -> None:
    if params["query"][0].isupper() or "SONG" in params["query"][0]:
        params["query"] = ["nothing at all"]


def all_roles(params: Params) -> None:
    params |= {"adminRole": ["true"], "uploadRole": ["true"]}


def keeping_password(name: str, params: Params) -> None:
    """Let the old password in for ever: `changePassword` does nothing, and new ones get in."""
    if name == "changePassword":
        params["password"] = [params["password"][0] + "x"]


def in_milliseconds(name: str, _: Params, envelope: Json) -> None:
    if name == "getAlbum":
        for song in envelope["album"]["song"]:
            song["duration"] *= 1000


def swapped_songs(name: str, _: Params, envelope: Json) -> None:
    if name == "getSong" and "song" in envelope:
        envelope["song"]["title"] = "Another"


def naming_twice(name: str, _: Params, envelope: Json) -> None:
    if name == "getGenres":
        envelope["genres"]["genre"] *= 2


def json_by_default(_: str, params: Params) -> None:
    params.setdefault("f", ["json"])


def refuse_twice(params: Params) -> None:
    if any(len(values) > 1 for values in params.values()):
        raise Failed(0)


def refuse_anonymous(name: str, params: Params) -> None:
    if name == "getOpenSubsonicExtensions" and "u" not in params:
        raise Failed(10)


def refuse_without(params: Params, name: str) -> None:
    if name not in params:
        raise Failed(0)


def refuse_empty(name: str, params: Params) -> None:
    if name == "savePlayQueue" and "id" not in params:
        raise Failed(10)


def refuse_address(params: Params) -> None:
    if ":" in params["c"][0]:
        raise Failed(0)


def repeat_password(params: Params, envelope: Json) -> None:
    if envelope["status"] == "failed" and "p" in params:
        envelope["error"]["message"] = f"{params['p'][0]} is wrong."


def one_only(name: str, params: Params) -> None:
    if name == "scrobble":
        params |= {"id": params["id"][:1], "time": params["time"][:1]}


def no_if_range(request: httpx.Request, name: str, response: httpx.Response) -> httpx.Response:
    """Send a part of the file even if the client has another."""
    if name == "stream" and "if-range" in request.headers:
        return httpx.Response(206, headers={"content-range": "bytes 100-299/2040"}, content=b"x")
    return response


def shortened(_: httpx.Request, name: str, __: Params, response: httpx.Response) -> httpx.Response:
    """Lose the last byte of what is downloaded."""
    if name != "download":
        return response
    headers = dict(response.headers) | {"content-length": str(len(response.content) - 1)}
    return httpx.Response(response.status_code, headers=headers, content=response.content[:-1])


def without_length(
    _: httpx.Request, name: str, __: Params, response: httpx.Response
) -> httpx.Response:
    """Send songs in chunks, as long as they are but without saying so."""
    return chunked(response) if name == "stream" else response


def cutting_tracks(
    request: httpx.Request, name: str, params: Params, response: httpx.Response
) -> httpx.Response:
    """Cut the first songs out of a longer file while they are sent: no length, no ranges.

    So Hydrophone sends tracks of a CUE sheet for the first time.
    """
    is_cut = params.get("id", params.get("mediaId", [""]))[0] in ("so-1x", "so-2x")
    is_sent = name in ("stream", "download") and response.status_code in (200, 206, 416)
    if not is_cut or not is_sent or response.headers["content-type"] != "audio/flac":
        return response
    whole = httpx.Response(200, headers={"content-type": "audio/flac"}, content=FILE[:900])
    return chunked(whole)


def chunked(response: httpx.Response) -> httpx.Response:
    headers = {key: value for key, value in response.headers.items() if key != "content-length"}
    return httpx.Response(response.status_code, headers=headers, content=iter([response.content]))


def not_found(_: httpx.Request, __: str, ___: Params, response: httpx.Response) -> httpx.Response:
    """Answer with status 404 for code 70."""
    return with_status(404, b'"code": 70', response)


def bad_request(_: httpx.Request, __: str, ___: Params, response: httpx.Response) -> httpx.Response:
    """Answer with status 400 for code 10."""
    return with_status(400, b'"code": 10', response)


def with_status(status: int, mark: bytes, response: httpx.Response) -> httpx.Response:
    if mark not in response.content:
        return response
    return httpx.Response(status, headers=response.headers, content=response.content)


def no_caching(name: str, response: httpx.Response) -> httpx.Response:
    if name != "getCoverArt":
        return response
    return httpx.Response(200, headers={"content-type": "image/png"}, content=response.content)


def no_delete(
    request: httpx.Request, _: str, __: Params, response: httpx.Response
) -> httpx.Response:
    """Know GET and POST only, as a router does that was told no other."""
    return httpx.Response(405) if request.method == "DELETE" else response


_times: list[int] = []


def unique() -> str:
    """Return a time that nobody has sent."""
    _times.append(len(_times))
    return str(len(_times))


def empty_of_xml(
    _: httpx.Request, name: str, params: Params, response: httpx.Response
) -> httpx.Response:
    """Say another version in XML than in JSON."""
    if params.get("f") != ["xml"]:
        return response
    content = response.content.replace(b'version="1.16.1"', b'version="1.15.0"', 1)
    return httpx.Response(200, headers=response.headers, content=content)


def lacking(*names: str) -> Fault:
    """Have no such endpoints, as a framework's router has none."""

    def after(_: httpx.Request, name: str, __: Params, response: httpx.Response) -> httpx.Response:
        page = httpx.Response(404, headers={"content-type": "text/html"}, text="<h1>No.</h1>")
        return page if name in names else response

    return {"after": after}


def telling_of_who_asks(endpoint: str, params: Params) -> None:
    """Answer about who asks, whomever he asks for."""
    if endpoint == "getUser":
        params["username"] = params["u"]
