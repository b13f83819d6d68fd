"""What other programs depend on, and no specification says; each rule names its app."""

import re

from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.samples import samples
from hydrophone_subsonic.conformance.schema import unknown_keys
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("compatibility", "Other apps")


@chapter.rule(
    "strawberry.lists",
    "Version 1.11.0 in JSON gets albums with songs",
    why="Strawberry fetches the library by getAlbumList2 and getAlbum",
    severity=Severity.APP,
    apps=("Strawberry",),
)
def _strawberry(probe: Probe) -> None:
    probe.facts.album()
    login = {**probe.usual(), "v": "1.11.0", "c": "Strawberry"}
    asked: dict[str, Value] = {"type": "alphabeticalByName", "size": 500, "offset": 0}
    envelope = probe.call("getAlbumList2", asked, login=login).envelope()
    album = envelope["albumList2"]["album"][0]
    songs = probe.call("getAlbum", login=login, id=album["id"]).envelope()["album"]["song"]
    expect(songs, "The first album has no songs.")


@chapter.rule(
    "py-opensonic.posted-range",
    "A stream that is asked for by a form has ranges too",
    why="py-opensonic posts everything once formPost is advertised",
    severity=Severity.APP,
    apps=("py-opensonic", "Music Assistant"),
)
def _posted_range(probe: Probe) -> None:
    probe.need_extension("formPost")
    body: dict[str, Value] = {**probe.usual(), "id": probe.facts.file()["id"], "format": "raw"}
    answer = probe.call(
        "stream", f="", method="POST", login={}, body=body, limit=4096,
        headers={"Range": "bytes=10-19"},
    )  # fmt: skip
    probe.need_permission("stream", answer)
    expect(answer.status == 206, f"The HTTP status is {answer.status}.")
    expect(len(answer.content) == 10, f"{len(answer.content)} bytes are sent.")


@chapter.rule(
    "json.known-keys",
    "JSON has no keys that no specification knows",
    why="A misspelt key is a missing one; what is new belongs into an extension",
    severity=Severity.SHOULD,
)
def _known_keys(probe: Probe) -> None:
    for endpoint, envelope in samples(probe):
        element = ENDPOINTS[endpoint].element
        schema = ENDPOINTS[endpoint].answer["properties"][element]
        found = sorted({re.sub(r"\[\d+\]", "[]", one)
                        for one in unknown_keys(envelope[element], schema, element)})  # fmt: skip
        expect(not found, f"{endpoint}: {', '.join(found[:9])}")
