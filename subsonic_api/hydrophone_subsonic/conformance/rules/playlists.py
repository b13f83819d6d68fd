"""Playlists: reading, and with leave to write making, changing and deleting some."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import (
    check_json,
    declare_answers,
    declare_refusals,
)
from hydrophone_subsonic.conformance.rules.made import new_name
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("playlists", "Playlists")

declare_answers(chapter, "getPlaylists", "getPlaylist")
declare_refusals(chapter, "getPlaylist", unknown=True)
declare_refusals(chapter, "updatePlaylist", "deletePlaylist", unknown=True, writes=True)

_UPDATE = "docs:endpoints/updateplaylist/"
_CREATE = "docs:endpoints/createplaylist/"


def _listed(probe: Probe, name: str) -> list[Json]:
    """Return the playlists whose names begin so."""
    listed: list[Json] = probe.ask("getPlaylists")["playlists"].get("playlist", [])
    return [playlist for playlist in listed if str(playlist["name"]).startswith(name)]


def _take_back_later(probe: Probe) -> str:
    """Return a name for a playlist, which will be deleted by it, also if it is renamed longer."""
    name = new_name()

    def remove() -> None:
        for playlist in _listed(probe, name):
            probe.ask("deletePlaylist", id=playlist["id"])

    probe.undo.later(f"the playlist {name!r}", remove, still=lambda: _listed(probe, name))
    return name


def _create(probe: Probe, *numbers: int) -> tuple[str, list[str]]:
    """Make a playlist of these songs of the facts; return its id and those of the songs."""
    probe.facts.need_role("playlistRole")
    songs = [probe.facts.song(number)["id"] for number in numbers]
    name = _take_back_later(probe)
    probe.ask("createPlaylist", name=name, songId=songs)
    for playlist in _listed(probe, name):
        return str(playlist["id"]), songs
    raise probe.call("getPlaylists").fault("The playlist that was made is not listed.")


def _entries(probe: Probe, id_: str) -> list[str]:
    return [song["id"] for song in _read(probe, id_).get("entry", [])]


def _read(probe: Probe, id_: str) -> Json:
    found: Json = probe.ask("getPlaylist", id=id_)["playlist"]
    return found


def _update(probe: Probe, id_: str, **parameters: Value) -> None:
    probe.ask("updatePlaylist", parameters, playlistId=id_)


@chapter.rule(
    "playlist.count", "A playlist has as many songs as it says", why="docs:responses/playlist/"
)
def _count(probe: Probe) -> None:
    playlist = _read(probe, probe.facts.playlist()["id"])
    count = len(playlist.get("entry", []))
    said = playlist["songCount"]
    expect(said == count, f"`songCount` is {said}, and there are {count} entries.")


@chapter.rule(
    "playlist.missing",
    "createPlaylist without a name and an id fails with code 10",
    why=_CREATE,
    writes=True,
)
def _missing(probe: Probe) -> None:
    probe.facts.need_role("playlistRole")
    probe.error("createPlaylist", (10,))


@chapter.rule(
    "playlist.create", "createPlaylist answers with the new one", why=_CREATE, writes=True
)
def _create_answers(probe: Probe) -> None:
    probe.need_version(1, 14, 0)
    probe.facts.need_role("playlistRole")
    name = _take_back_later(probe)
    answer = probe.call("createPlaylist", name=name, songId=[probe.facts.song()["id"]])
    made = check_json(probe, answer, "createPlaylist")["playlist"]
    expect(made["name"] == name, f"Its name is {made['name']!r}.")
    expect(made.get("entry"), "It has no songs.")


@chapter.rule(
    "playlist.order",
    "A playlist keeps its order, and songs that are in it twice",
    why=_CREATE,
    writes=True,
)
def _order(probe: Probe) -> None:
    id_, songs = _create(probe, 1, 0, 1)
    found = _entries(probe, id_)
    expect(found == songs, f"It was made of {songs}, and has {found}.")


@chapter.rule(
    "playlist.replace",
    "createPlaylist with an id replaces all songs",
    why=_CREATE,
    apps=("DSub", "Ultrasonic"),
    writes=True,
)
def _replace(probe: Probe) -> None:
    id_, songs = _create(probe, 0, 1)
    probe.ask("createPlaylist", playlistId=id_, songId=[songs[1]])
    found = _entries(probe, id_)
    expect(found == [songs[1]], f"It has {found}, not {[songs[1]]}.")


@chapter.rule("playlist.append", "updatePlaylist appends songs", why=_UPDATE, writes=True)
def _append(probe: Probe) -> None:
    id_, songs = _create(probe, 0)
    more = [probe.facts.song(1)["id"], songs[0]]
    _update(probe, id_, songIdToAdd=more)
    found = _entries(probe, id_)
    expect(found == songs + more, f"It has {found}, not {songs + more}.")


@chapter.rule(
    "playlist.remove",
    "Positions to remove are those before the call, also when songs are added by it",
    why=_UPDATE,
    apps=("DSub",),
    writes=True,
)
def _remove(probe: Probe) -> None:
    id_, songs = _create(probe, 0, 1, 0)
    _update(probe, id_, songIndexToRemove=[0, 1], songIdToAdd=[songs[1]])
    found = _entries(probe, id_)
    expect(found == [songs[0], songs[1]], f"It has {found}, not {[songs[0], songs[1]]}.")


@chapter.rule(
    "playlist.rename",
    "updatePlaylist changes name, comment and visibility, and nothing else",
    why=_UPDATE,
    writes=True,
)
def _rename(probe: Probe) -> None:
    id_, songs = _create(probe, 0)
    name = _read(probe, id_)["name"] + "-renamed"
    _update(probe, id_, name=name, comment="Tea & <biscuits>", public=True)
    found = _read(probe, id_)
    expect(found["name"] == name, f"The name is {found['name']!r}, not {name!r}.")
    expect(found.get("comment") == "Tea & <biscuits>", f"Comment: {found.get('comment')!r}.")
    expect(found.get("public") is True, "It is not public.")
    expect(_entries(probe, id_) == songs, "The songs have changed.")


@chapter.rule(
    "playlist.delete-method",
    "A playlist is deleted by HTTP's DELETE, too, and a browser that asks before may",
    why="aonsoku calls deletePlaylist so",
    severity=Severity.APP,
    apps=("aonsoku",),
    writes=True,
)
def _delete_by_method(probe: Probe) -> None:
    id_, _ = _create(probe, 0)
    asks = {"Origin": "https://player.example", "Access-Control-Request-Method": "DELETE"}
    preflight = probe.call("deletePlaylist", f="", method="OPTIONS", login={}, headers=asks)
    allowed = preflight.headers.get("access-control-allow-methods", "")
    expect("*" in allowed or "DELETE" in allowed, f"Allowed methods are {allowed!r}.")
    answer = probe.call("deletePlaylist", method="DELETE", id=id_)
    probe.need_success("deletePlaylist", answer)
    probe.error("getPlaylist", (70,), id=id_)


@chapter.rule(
    "playlist.delete",
    "A deleted playlist is gone: code 70",
    why="docs:endpoints/deleteplaylist/",
    writes=True,
)
def _delete(probe: Probe) -> None:
    id_, _ = _create(probe, 0)
    probe.ask("deletePlaylist", id=id_)
    probe.error("getPlaylist", (70,), id=id_)
