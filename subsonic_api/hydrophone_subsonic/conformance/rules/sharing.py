"""Sharing."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import (
    check_json,
    declare_answers,
    declare_refusals,
)
from hydrophone_subsonic.conformance.rules.made import new_name
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("sharing", "Sharing")

declare_answers(chapter, "getShares")
declare_refusals(chapter, "createShare", writes=True)
declare_refusals(chapter, "updateShare", "deleteShare", unknown=True, writes=True)

_EXPIRES = 4_102_444_800_000
"""The year 2100, in milliseconds."""


def _listed(probe: Probe, mark: str) -> list[Json]:
    """Return the shares with this description."""
    shares: list[Json] = probe.ask("getShares")["shares"].get("share", [])
    return [share for share in shares if share.get("description") == mark]


def _create(probe: Probe) -> tuple[Json, str]:
    probe.facts.need_role("shareRole")
    mark = new_name()
    _listed(probe, mark)

    def remove() -> None:
        for share in _listed(probe, mark):
            probe.ask("deleteShare", id=share["id"])

    probe.undo.later(f"the share {mark!r}", remove, still=lambda: _listed(probe, mark))
    song = probe.facts.song()["id"]
    answer = probe.call("createShare", id=song, description=mark, expires=_EXPIRES)
    probe.need_success("createShare", answer)
    shares = check_json(probe, answer, "createShare")["shares"]["share"]
    expect(len(shares) == 1, f"createShare answers with {len(shares)} shares, not the new one.")
    return shares[0], mark


@chapter.rule(
    "share.create",
    "createShare answers with the new share, of the song that was named",
    why="docs:endpoints/createshare/",
    writes=True,
)
def _created(probe: Probe) -> None:
    share, mark = _create(probe)
    expect(share.get("description") == mark, f"Its description is {share.get('description')!r}.")
    found = [entry["id"] for entry in share.get("entry", [])]
    expect(found == [probe.facts.song()["id"]], f"It has {found}.")
    expect(str(share["url"]).startswith("http"), f"`url` is {share['url']!r}.")
    expect(len(_listed(probe, mark)) == 1, "getShares does not list it.")


@chapter.rule(
    "share.update",
    "updateShare with expires=0 takes the expiry away",
    why="docs:endpoints/updateshare/",
    apps=("DSub",),
    writes=True,
)
def _update(probe: Probe) -> None:
    share, mark = _create(probe)
    expect(share.get("expires"), "The share was made with an expiry, and has none.")
    probe.ask("updateShare", id=share["id"], description=mark, expires=0)
    found = _listed(probe, mark)
    expect(found and not found[0].get("expires"), "It has `expires` still.")


@chapter.rule(
    "share.delete", "A deleted share is gone", why="docs:endpoints/deleteshare/", writes=True
)
def _delete(probe: Probe) -> None:
    share, mark = _create(probe)
    probe.ask("deleteShare", id=share["id"])
    expect(not _listed(probe, mark), "getShares lists it still.")
