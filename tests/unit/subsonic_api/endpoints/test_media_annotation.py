"""What endpoints ask of the services and make of the answers: stars, ratings and plays."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import AL, AR, TR, Ask, code

pytestmark = pytest.mark.anyio


async def test_stars_of_all_kinds(ask: Ask, fakes: Any) -> None:
    await ask(f"star?id={TR}&albumId={AL}&id=tr-2&artistId={AR}")
    await ask(f"unstar?id={AL}")
    assert [(call[0], call[2]) for call in fakes.annotations.calls] == [
        ("star", (TR, "tr-2", AL, AR)),
        ("unstar", (AL,)),
    ]
    assert code(await ask("star?id=")) == 10
    assert code(await ask("unstar")) == 10


async def test_ratings(ask: Ask, fakes: Any) -> None:
    await ask("setRating?id=tr-1&rating=0")
    await ask("setRating?id=tr-1&rating=5")
    assert [call[2:] for call in fakes.annotations.calls] == [("tr-1", 0), ("tr-1", 5)]
    assert code(await ask("setRating?id=tr-1&rating=6")) == 0
    assert code(await ask("setRating?id=tr-1&rating=-1")) == 0
    assert code(await ask("setRating?id=tr-1")) == 10
    assert len(fakes.annotations.calls) == 2


async def test_scrobbles(ask: Ask, fakes: Any) -> None:
    await ask("scrobble?id=tr-1&id=tr-2&time=1769860800000")
    await ask("scrobble?id=tr-1&submission=true&time=1&time=2")
    await ask("scrobble?id=tr-1&id=tr-2&submission=false")
    assert [(call[0], *call[2:]) for call in fakes.plays.calls] == [
        ("scrobble", [("tr-1", 1_769_860_800_000), ("tr-2", None)], "test"),
        ("scrobble", [("tr-1", 1)], "test"),
        ("announce", "tr-2", "test"),
    ]
    assert code(await ask("scrobble?submission=false")) == 10


async def test_reports(ask: Ask, fakes: Any) -> None:
    await ask("reportPlayback?mediaId=tr-1&mediaType=song&positionMs=1500&state=paused")
    await ask(
        "reportPlayback?mediaId=e-1&mediaType=podcast&positionMs=0&state=starting"
        "&playbackRate=1.5&ignoreScrobble=true"
    )
    first, second = (call[2:] for call in fakes.plays.calls)
    assert first == ("tr-1", "paused", 1500, {"rate": 1.0, "counts": True, "client": "test"})
    assert second == ("e-1", "starting", 0, {"rate": 1.5, "counts": False, "client": "test"})
    whole = "reportPlayback?mediaId=tr-1&mediaType=song&positionMs=0&state=playing"
    for wrong in ("state=gone", "mediaType=film", "positionMs=-1", "playbackRate=-1"):
        name = wrong.partition("=")[0]
        others = "&".join(p for p in whole.split("&") if not p.startswith(name))
        assert code(await ask(f"{others}&{wrong}")) == 0, wrong
    for name in ("state", "mediaType", "positionMs"):
        others = "&".join(p for p in whole.split("&") if not p.startswith(name))
        assert code(await ask(others)) == 10, name
    assert len(fakes.plays.calls) == 2
