"""Internet radio."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.rules.made import new_name
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("radio", "Internet radio")

declare_answers(chapter, "getInternetRadioStations")
declare_refusals(chapter, "createInternetRadioStation", writes=True)
declare_refusals(
    chapter, "updateInternetRadioStation", "deleteInternetRadioStation", unknown=True, writes=True
)

_STREAM = "https://radio.example/stream"
_HOME = "https://radio.example/"


def _listed(probe: Probe, name: str) -> list[Json]:
    """Return the stations whose names begin so."""
    answer = probe.ask("getInternetRadioStations")["internetRadioStations"]
    stations: list[Json] = answer.get("internetRadioStation", [])
    return [station for station in stations if str(station["name"]).startswith(name)]


def _create(probe: Probe) -> Json:
    probe.facts.need_role("adminRole")
    name = new_name()
    _listed(probe, name)

    def remove() -> None:
        for station in _listed(probe, name):
            probe.ask("deleteInternetRadioStation", id=station["id"])

    probe.undo.later(f"the radio station {name!r}", remove, still=lambda: _listed(probe, name))
    probe.ask("createInternetRadioStation", name=name, streamUrl=_STREAM, homepageUrl=_HOME)
    found = _listed(probe, name)
    expect(len(found) == 1, f"{len(found)} stations are listed by this name.")
    return found[0]


@chapter.rule(
    "radio.create",
    "A station is listed as it was made",
    why="docs:endpoints/createinternetradiostation/",
    writes=True,
)
def _created(probe: Probe) -> None:
    station = _create(probe)
    found = station.get("streamUrl"), station.get("homePageUrl")
    expect(found == (_STREAM, _HOME), f"`streamUrl` and `homePageUrl` are {found}.")


@chapter.rule(
    "radio.update",
    "A station is changed",
    why="docs:endpoints/updateinternetradiostation/",
    writes=True,
)
def _update(probe: Probe) -> None:
    station = _create(probe)
    name = station["name"] + "-renamed"
    probe.ask("updateInternetRadioStation", id=station["id"], name=name, streamUrl=_STREAM)
    expect(_listed(probe, name), "It has its old name.")


@chapter.rule(
    "radio.delete",
    "A deleted station is gone",
    why="docs:endpoints/deleteinternetradiostation/",
    writes=True,
)
def _delete(probe: Probe) -> None:
    station = _create(probe)
    probe.ask("deleteInternetRadioStation", id=station["id"])
    expect(not _listed(probe, station["name"]), "It is still listed.")
