"""Where a track can be had: a source, its native id there, and a handle that may expire."""

from hydrophone.domain.remote import Quality
from hydrophone.errors import (
    BadAnswerError,
    MediaError,
    NotFoundError,
    UnsupportedError,
)
from hydrophone.host.guard import Answer, Fault, NotFound
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.source import (
    Refusal,
    ResolveRequest,
    Source,
    StreamHandle,
)


class RemoteOrigin:
    """A track at a source, with the handle by which it can be had now."""

    def __init__(
        self,
        provider: Provider[Source],
        native_id: str,
        quality: Quality,
        handle: StreamHandle,
    ) -> None:
        self.provider = provider
        self.native_id = native_id
        self.handle = handle
        self._quality = quality

    def __str__(self) -> str:
        """Name it for the log."""
        return f"{self.provider.instance} {self.native_id}"

    async def renew(self) -> bool:
        """Get a new handle in place of one that was refused; say whether it is of the same bytes.

        Raises as `resolve`.
        """
        handle = await resolve(
            self.provider, self.native_id, quality=self._quality, is_refused=True
        )
        is_same = handle.representation == self.handle.representation
        self.handle = handle
        return is_same


async def resolve(
    provider: Provider[Source], native_id: str, *, quality: Quality, is_refused: bool = False
) -> StreamHandle:
    """Ask a source how a track can be had.

    Raises:
        NotFoundError: It is not there any more.
        UnsupportedError: The source refuses it, and says why.
        BadAnswerError: There is but a preview of it.
        ProviderError: The source cannot answer.
    """
    request = ResolveRequest(native_id=native_id, quality=quality, is_refused=is_refused)
    match await provider.call(provider.it.resolve, request):
        case Answer(StreamHandle() as handle):
            if handle.is_preview:
                raise BadAnswerError("There is only a preview of this track.")
            return handle
        case Answer(Refusal(sentence=sentence)):
            raise UnsupportedError(sentence)
        case NotFound():
            raise NotFoundError("This track is not at its source any more.")
        case Fault(error):
            raise error
        case other:
            raise MediaError(f"Nobody expects {other}.")
