"""The application below `/api`: the handlers, and what they have in common."""

import re

from litestar import Litestar, Request, Router
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Reference,
    Schema,
    SecurityScheme,
)
from litestar.types import ASGIApp, ControllerRouterHandler

from hydrophone import __version__
from hydrophone.domain.user import User
from hydrophone.server.api import (
    accounts,
    avatars,
    cache,
    devices,
    events,
    jobs,
    keeps,
    links,
    plugins,
    scans,
    searches,
    sound,
    sources,
    state,
    storage,
    wanted,
)
from hydrophone.server.api.authentication import Authentication
from hydrophone.server.api.documentation import DocumentationPage
from hydrophone.server.api.present_ids import PresentIds
from hydrophone.server.api.problems import MEDIA_TYPE, Problem, answer_problem
from hydrophone.server.body_time import BodyTime
from hydrophone.server.wiring import Server

PATH = "/api"
HANDLERS: tuple[ControllerRouterHandler, ...] = (
    state.router,
    storage.storage_use,
    accounts.router,
    avatars.router,
    devices.router,
    jobs.router,
    cache.router,
    keeps.router,
    searches.router,
    scans.router,
    plugins.router,
    sources.router,
    links.router,
    sound.list_analyses,
    sound.recognize,
    wanted.want,
    events.follow,
)
_DOCS = "/docs"
_LARGEST_BODY = 64 * 1024
_DESCRIPTION = """\
What Subsonic has no words for: jobs, scans, accounts, devices, plugins, storage, live events.
Log in by an API key (Authorization: Bearer KEY) or by name and password (Basic).
Times are milliseconds since 1970-01-01T00:00:00Z, sizes are bytes. An error is a Problem."""


def create_api(server: Server, *, base_path: str) -> ASGIApp:
    """Build the application; it has no lifespan of its own."""
    path = base_path + PATH
    followers = events.Followers()
    application = Litestar(
        path=path,
        route_handlers=[Router("/v1", route_handlers=HANDLERS)],
        dependencies={
            "server": Provide(lambda: server, sync_to_thread=False),
            "viewer": Provide(_viewer, sync_to_thread=False),
            "followers": Provide(lambda: followers, sync_to_thread=False),
        },
        middleware=[
            BodyTime,
            DefineMiddleware(
                Authentication,
                logins=server.services.logins,
                public=f"^{re.escape(path)}{_DOCS}(/|$)",
            ),
            PresentIds(server.services.libraries),
        ],
        exception_handlers={Exception: answer_problem},
        # Some answers hold a secret, and all are of this moment.
        response_headers={"Cache-Control": "no-store"},
        request_max_body_size=_LARGEST_BODY,
        # Any page may ask, as with Subsonic: nothing is sent along that the page does not know.
        cors_config=CORSConfig(
            allow_origins=["*"], allow_headers=["Authorization", "Content-Type"]
        ),
        openapi_config=_openapi(),
        # Ours; Litestar's would replace it.
        logging_config=None,
    )
    _describe_problems(application)
    return application


def _viewer(request: Request[User, None, State]) -> User:
    return request.user


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Hydrophone",
        version=__version__,
        description=_DESCRIPTION,
        path=_DOCS,
        use_handler_docstrings=True,
        render_plugins=[DocumentationPage(), JsonRenderPlugin()],
        security=[{"key": []}, {"password": []}],
        components=Components(
            security_schemes={
                "key": SecurityScheme(type="http", scheme="bearer"),
                "password": SecurityScheme(type="http", scheme="basic"),
            }
        ),
    )


def _describe_problems(application: Litestar) -> None:
    """Say of every operation that what is not its answer is a problem."""
    problem = Reference(ref="#/components/schemas/Problem")
    failed = OpenAPIResponse(
        description="What went wrong.",
        content={MEDIA_TYPE: OpenAPIMediaType(schema=problem)},
    )
    schema = application.openapi_schema
    for item in (schema.paths or {}).values():
        for operation in (item.get, item.post, item.put, item.patch, item.delete):
            if operation is not None and operation.responses is not None:
                done = {
                    status: answer
                    for status, answer in operation.responses.items()
                    # What Litestar would answer by itself.
                    if status < "400"
                }
                operation.responses = {**done, "default": failed}
    if schema.components.schemas is not None:
        schema.components.schemas["Problem"] = _problem_schema()


def _problem_schema() -> Schema:
    return Schema(
        type=OpenAPIType.OBJECT,
        description="Why a request has failed (RFC 9457).",
        properties={
            "type": Schema(type=OpenAPIType.STRING),
            "title": Schema(type=OpenAPIType.STRING, description="The status in words."),
            "status": Schema(type=OpenAPIType.INTEGER),
            "detail": Schema(type=OpenAPIType.STRING, description="One sentence for a person."),
        },
        required=list(Problem.__struct_fields__),
    )
