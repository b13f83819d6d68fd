"""Logs in by whichever way works, and looks around on the server once."""

from dataclasses import replace
from textwrap import shorten
from urllib.parse import urljoin

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.facts import Facts
from hydrophone_subsonic.conformance.login import Form, Login
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.sampling import sung, whole_files
from hydrophone_subsonic.conformance.verdict import Fault, ServerGone

_ALBUMS = 20
_OPENED = 12
_OF_ALBUM = 8
"""So many songs are looked at of each album that is opened."""
_OF_ALL = 100
"""And so many of the whole library: what a rule needs may be far from the first albums."""
_LONGEST_LINE = 160


def log_in(probe: Probe) -> None:
    """Choose the form of login: by token if the server takes it, else by password.

    Raises `ServerGone` if nothing works, or if the server is at another address.
    """
    given = probe.login
    forms = (Form.API_KEY,) if given.api_key else (Form.TOKEN, Form.PASSWORD, Form.HEX)
    reason = ""
    for form in forms:
        probe.login = replace(given, form=form)
        try:
            answer = probe.call("ping")
            _need_no_redirect(probe, answer)
            code = answer.code()
        except Fault as fault:
            reason = f"{fault} ({_line(fault.came) or 'nothing came'})"
            continue
        if code is None:
            return
        message = _line(probe.login.struck_out(str(answer.envelope()["error"].get("message", ""))))
        reason = f"the server answers with code {code}" + (f" ({message})" if message else "")
    raise ServerGone(f"Cannot log in: {reason}.")


def gather(probe: Probe) -> Facts:
    """Look around; what a server does not tell, or tells wrongly, is left empty."""
    ping = _lenient(probe, "ping")
    user = probe.login.user or str(_inside(probe, "tokenInfo", "tokenInfo").get("username", ""))
    account = _inside(probe, "getUser", "user", username=user) if user else {}
    albums = _list(
        _inside(probe, "getAlbumList2", "albumList2", type="alphabeticalByName", size=_ALBUMS),
        "album",
    )
    songs, extensions = _songs(probe, albums), _extensions(probe)
    had = {str(song["genre"]) for song in songs if song.get("genre")}
    return Facts(
        version=str(ping.get("version", "")),
        type=str(ping.get("type", "")),
        server_version=str(ping.get("serverVersion", "")),
        open_subsonic=ping.get("openSubsonic") is True,
        extensions=extensions,
        user=user,
        roles=frozenset(name for name, value in account.items() if value is True)
        if account
        else None,
        folders=_list(_inside(probe, "getMusicFolders", "musicFolders"), "musicFolder"),
        artists=tuple(
            artist
            for index in _list(_inside(probe, "getArtists", "artists"), "index")
            for artist in _list(index, "artist")
        )[:_ALBUMS],
        albums=albums,
        songs=songs,
        files=whole_files(probe, songs),
        sung=sung(probe, songs, extensions.get("songLyrics", ())),
        directories=tuple(
            entry
            for index in _list(_inside(probe, "getIndexes", "indexes"), "index")
            for entry in _list(index, "artist")
        )[:_ALBUMS],
        genres=tuple(
            str(genre["value"])
            for genre in _list(_inside(probe, "getGenres", "genres"), "genre")
            if genre.get("value") and (genre.get("songCount") or str(genre["value"]) in had)
        ),
        playlists=_list(_inside(probe, "getPlaylists", "playlists"), "playlist"),
    )


def _songs(probe: Probe, albums: tuple[Json, ...]) -> tuple[Json, ...]:
    """Return songs of the first albums, and songs of anywhere, in the order of their ids."""
    found: dict[str, Json] = {}
    for album in albums[:_OPENED]:
        inside = _inside(probe, "getAlbum", "album", id=str(album.get("id")))
        found |= {str(one["id"]): one for one in _list(inside, "song")[:_OF_ALBUM] if "id" in one}
    anywhere = _list(_inside(probe, "getRandomSongs", "randomSongs", size=_OF_ALL), "song")
    for one in sorted(anywhere, key=lambda song: str(song.get("id"))):
        if "id" in one:
            found.setdefault(str(one["id"]), one)
    return tuple(found.values())


def describe(facts: Facts) -> str:
    """Say in a line what was found."""
    kind = "OpenSubsonic" if facts.open_subsonic else "classic Subsonic"
    name = " ".join(filter(None, (facts.type or "unnamed server", facts.server_version)))
    return f"{name}, {kind} {facts.version}, as {facts.user or 'an unnamed user'}"


def _need_no_redirect(probe: Probe, answer: Answer) -> None:
    """Raise `ServerGone` for a redirect: apps do not follow them with a form, nor do we."""
    if not answer.redirect:
        return
    target = urljoin(f"{probe.http.base_url}rest/", answer.redirect)
    address, rest, _ = target.rpartition("/rest/")
    if rest:
        raise ServerGone(f"The server redirects to {address}; give that address.")
    raise ServerGone(f"The server redirects to {target}, which is no address of the protocol.")


def _line(text: str) -> str:
    """Return the beginning of a text, in one line."""
    return shorten(text, _LONGEST_LINE, placeholder=" ...")


def strangers_login(login: Login) -> dict[str, str]:
    """Return credentials of nobody, to be refused, in the form that the server takes."""
    form = Form.PASSWORD if login.form is Form.API_KEY else login.form
    nobody = Login(user=f"nobody-{login.user}", password="wrong", form=form)  # noqa: S106 - of nobody
    return {**nobody.parameters(), "v": "1.16.1", "c": "conformance"}


def _extensions(probe: Probe) -> dict[str, tuple[int, ...]]:
    listed = _lenient(probe, "getOpenSubsonicExtensions")
    return {
        str(one.get("name")): tuple(versions) if isinstance(versions, list) else ()
        for one in _list(listed, "openSubsonicExtensions")
        for versions in (one.get("versions"),)
    }


def _lenient(probe: Probe, endpoint: str, **parameters: Value) -> Json:
    try:
        envelope = probe.call(endpoint, parameters).envelope()
    except Fault:
        return {}
    return envelope if envelope["status"] == "ok" else {}


def _inside(probe: Probe, endpoint: str, element: str, **parameters: Value) -> Json:
    found = _lenient(probe, endpoint, **parameters).get(element)
    return found if isinstance(found, dict) else {}


def _list(value: Json, name: str) -> tuple[Json, ...]:
    found = value.get(name)
    items = found if isinstance(found, list) else ()
    return tuple(item for item in items if isinstance(item, dict))
