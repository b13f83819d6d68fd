"""The native API in the process of a test, and people who ask it."""

from dataclasses import dataclass
from typing import Any

import httpx
from litestar.types import ASGIApp

from hydrophone.server.wiring import Server


@dataclass(frozen=True)
class Api:
    """A server, and API keys of its people by name."""

    server: Server
    app: ASGIApp
    keys: dict[str, str]

    async def ask(
        self, who: str, method: str, path: str, json: object = None, **headers: str
    ) -> httpx.Response:
        """Ask as somebody, by an API key; `anonymous` has none."""
        if who in self.keys:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        # Litestar and httpx type the same protocol differently.
        app: Any = self.app
        transport = httpx.ASGITransport(app, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test/api") as client:
            return await client.request(method, path, json=json, headers=headers)

    async def get(self, who: str, path: str) -> Any:  # noqa: ANN401 - JSON as it comes
        """Return what somebody gets. Raises AssertionError if he gets nothing."""
        answer = await self.ask(who, "GET", path)
        if answer.status_code != 200:
            raise AssertionError(answer.text)
        return answer.json()
