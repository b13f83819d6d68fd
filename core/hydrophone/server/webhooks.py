"""`/hooks/<plugin>/<name>`: where other services call plugins.

No login leads here: who may call is for the plugin to find out, by a signature or a secret.
"""

from typing import Annotated, Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.params import Parameter

from hydrophone.errors import NotFoundError, ProviderError, RetryLaterError
from hydrophone.plugin.capabilities.webhook import WebhookRequest
from hydrophone.server.wiring import Server

_LARGEST = 1024 * 1024
_Name = Annotated[str, Parameter(max_length=40)]
_OURS = ("content-length", "content-type", "transfer-encoding", "connection", "set-cookie")
"""Headers that are not a plugin's to send."""


@route(
    "/hooks/{plugin:str}/{name:str}",
    http_method=[HttpMethod.GET, HttpMethod.POST],
    request_max_body_size=_LARGEST,
    include_in_schema=False,
)
async def webhook(
    request: Request[Any, Any, Any], plugin: _Name, name: _Name, server: Server
) -> Response[bytes]:
    """Hand a request to a plugin, and its answer back."""
    asked = WebhookRequest(
        method=request.method,
        query=dict(request.query_params),
        headers={key.lower(): value for key, value in request.headers.items()},
        content=await request.body(),
    )
    try:
        answer = await server.webhooks.handle(plugin, name, asked)
    except NotFoundError as error:
        return _said(404, error)
    except RetryLaterError as error:
        return _said(503, error)
    except ProviderError as error:
        return _said(502, error)
    headers = {
        key: value
        for key, value in answer.headers.items()
        if key.lower() not in _OURS and not {"\r", "\n"} & set(key + value)
    }
    return Response(
        answer.content,
        status_code=answer.status,
        headers=headers,
        media_type=answer.content_type,
    )


def _said(status: int, error: Exception) -> Response[bytes]:
    # What went wrong inside is for the log: anybody may call this.
    text = str(error) if isinstance(error, NotFoundError) else "The plugin cannot answer now."
    return Response(text.encode(), status_code=status, media_type="text/plain; charset=utf-8")
