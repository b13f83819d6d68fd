"""Sources: which there are, and what is kept of their answers."""

from typing import Annotated

from litestar import Router, delete, get
from litestar.di import NamedDependency
from litestar.params import PathParameter
from msgspec import Struct

from hydrophone.domain.answers import SourceAnswers
from hydrophone.domain.ids import LibraryId
from hydrophone.errors import NotFoundError
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server

_LONGEST = 200


class SourceState(Struct, frozen=True, kw_only=True):
    """A source that runs, or ran once."""

    source: str
    """The name of its plugin's table."""
    title: str
    library_id: LibraryId
    notice: str
    """Terms or licence, as the source tells them; empty until it has run since the start."""
    is_running: bool
    """Whether it can be asked now; why it cannot, `GET /api/v1/plugins` says."""
    answers: SourceAnswers | None
    """What is kept of what it has answered; `null` if nothing is."""


@get("/", summary="List sources")
async def list_sources(server: NamedDependency[Server]) -> tuple[SourceState, ...]:
    """List sources by their libraries, also those whose plugins do not run any more."""
    elsewhere = server.elsewhere
    kept = {one.source: one for one in await elsewhere.answers.statistics()}
    return tuple(
        SourceState(
            source=library.source,
            title=library.name,
            library_id=library.id,
            notice=elsewhere.sources.notice(library.source),
            is_running=elsewhere.sources.provider(library.id) is not None,
            answers=kept.get(library.source),
        )
        for library in elsewhere.sources.all()
    )


@delete("/{source:str}/answers", summary="Forget a source's answers")
async def forget_answers(
    server: NamedDependency[Server],
    source: Annotated[str, PathParameter(min_length=1, max_length=_LONGEST)],
) -> None:
    """Ask the source anew next time; music that was shown stays known."""
    if all(library.source != source for library in server.elsewhere.sources.all()):
        raise NotFoundError("There is no such source.")
    await server.elsewhere.answers.clear(source)


router = Router(
    "/sources",
    route_handlers=[list_sources, forget_answers],
    guards=[admins_only],
    tags=["sources"],
)
