"""What a listener gets of a download where the disk has no room for it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from hydrophone.domain.units import ByteCount
from hydrophone.errors import ProviderUnavailableError
from hydrophone.plugin.capabilities.source import OpenRequest
from hydrophone.services.intake import Intake
from hydrophone.services.source_turns import SourceTurns


class _Passer:
    """Who has a stream past the disk: somebody hears it, and it cannot be gone on with."""

    rank = 0

    def recall(self) -> None:
        """Go on: nobody is more urgent."""


async def pass_through(
    intake: Intake, turns: SourceTurns, first: int, end: int | None
) -> AsyncGenerator[bytes, None]:
    """Yield bytes from a stream of one's own, without the disk. Raises ProviderError."""
    provider, handle = intake.origin.provider, intake.origin.handle
    offset = ByteCount(first if handle.takes_ranges else 0)
    request = OpenRequest(handle=handle, offset=offset)
    async with (
        turns.turn(_Passer()),
        provider.open(provider.it.open_stream, request) as stream,
    ):
        intake.look_at(stream)
        at = int(stream.offset)
        async with aclosing(stream.chunks()) as chunks:
            async for chunk in chunks:
                wanted = chunk[max(0, first - at) : None if end is None else max(0, end - at)]
                at += len(chunk)
                if wanted:
                    yield wanted
                if end is not None and at >= end:
                    return
        if intake.is_size_told and intake.size is not None and at < intake.size:
            raise ProviderUnavailableError("The download broke off.")
