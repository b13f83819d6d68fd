"""What plugins hear: analyses of tracks, and which recording a piece of sound is."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.status_codes import HTTP_200_OK

from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError
from hydrophone.plugin.capabilities.recognizer import Recognition
from hydrophone.server.api.files import TakesFile
from hydrophone.server.wiring import Server
from hydrophone.storage.queries.analyses import StoredAnalysis

_LARGEST = 32 * 1024 * 1024


@dataclass
class _TakesSound(TakesFile):
    kinds = ("audio/*", "application/octet-stream")


@get("/tracks/{track:str}/analyses", summary="Look at what was heard in a track", tags=["sound"])
async def list_analyses(
    track: Annotated[str, PathParameter(max_length=100)],
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> tuple[StoredAnalysis, ...]:
    """List what each analyzer has heard: features, tags, and a point among all sounds."""
    return await server.services.analyses.of_track(viewer, track)


@post(
    "/recognize",
    summary="Recognize a recording",
    tags=["sound"],
    status_code=HTTP_200_OK,
    request_max_body_size=_LARGEST,
    operation_class=_TakesSound,
)
async def recognize(
    request: Request[Any, Any, Any],
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> tuple[Recognition, ...]:
    """Return which recording the body may be, the likeliest first.

    The body is the file itself, some seconds of sound or a whole track in any format that ffmpeg
    reads, of 32 MiB at most, whatever its Content-Type says.
    """
    with tempfile.TemporaryDirectory(prefix="hydrophone-") as folder:
        file = Path(folder) / "sound"
        size = 0
        with file.open("wb") as target:
            async for chunk in request.stream():
                size += len(chunk)
                await asyncio.to_thread(target.write, chunk)
        if not size:
            raise InvalidInputError("The body is empty; it is to be a file with sound.")
        return await server.services.recognizing.recognize_for(viewer, file)
