"""Answers in which rules look for what may stand anywhere."""

from collections.abc import Iterator

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.verdict import Fault, Skipped

_ENDPOINTS = ("getArtist", "getAlbum", "getSong", "getAlbumList", "getAlbumList2", "getArtists",
              "getPlaylists", "getStarred2", "search3")  # fmt: skip


def samples(probe: Probe) -> Iterator[tuple[str, Json]]:
    """Yield the answers of some endpoints, those that this library has something for.

    An endpoint that fails is left out: that it does is said by rules of its own. Raises `Skipped`
    if there is none.
    """
    is_empty = True
    for endpoint in _ENDPOINTS:
        try:
            envelope = probe.ask(endpoint, CALLS[endpoint](probe.facts))
        except (Skipped, Fault):
            continue
        is_empty = False
        yield endpoint, envelope
    if is_empty:
        raise Skipped("None of the answers to look at is a success.")


def objects(value: object) -> Iterator[Json]:
    """Yield all objects within a value, at any depth."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)
