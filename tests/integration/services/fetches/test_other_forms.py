"""What the source gives in place of a file that it refuses, before anything was heard."""

import socket

import pytest
from tests.integration.services.fetches.place import SONG, OneSource, Place, heard

from hydrophone.domain.units import ByteCount
from hydrophone.errors import UnavailableError
from hydrophone.testing.loopback import Request, Route, respond

pytestmark = pytest.mark.anyio


async def test_what_is_refused_at_the_first_play_is_had_in_another_form(place: Place) -> None:
    source, other = place.source, faulty_then(place.source, "v2")
    before = await place.listen()
    assert before.file_name == "Song.mp3"
    assert (await heard(before), source.refused) == (other, 1)
    await place.settled()
    assert await place.is_here()
    cached = await place.fetching.cache.find(place.track.id)
    assert cached is not None
    assert cached.etag == before.etag


async def test_a_source_that_never_gives_what_it_has_told_is_given_up(place: Place) -> None:
    for form in ("v2", "v3", "v4"):
        faulty_then(place.source, form)
    with pytest.raises(UnavailableError, match="another file each time"):
        await place.listen()


def faulty_then(source: OneSource, representation: str) -> bytes:
    """Have the link refused, and then one to other bytes given; return these."""

    def refuse(request: Request, connection: socket.socket, _: Route) -> None:
        respond(connection, b"no", status="403 Forbidden")
        source.audio = source.audio[: len(source.audio) // 417 * 417 - 417]
        source.change(representation=representation, size=ByteCount(len(source.audio)))

    source.service.fail(refuse, path=SONG, times=1)
    return source.audio[: len(source.audio) // 417 * 417 - 417]
