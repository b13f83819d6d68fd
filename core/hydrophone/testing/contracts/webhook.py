"""What everybody who answers at an address must do."""

import re
from typing import Any, ClassVar

from hydrophone.host.capabilities import WEBHOOK
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.webhook import WebhookHandler, WebhookRequest
from hydrophone.testing.contracts.contract import Contract, asked

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_RUBBISH = (b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b"a" * 1024 * 1024)


class WebhookContract(Contract[WebhookHandler]):
    """Sends it a request of its service, and those of anybody."""

    capability = WEBHOOK
    good: ClassVar[WebhookRequest]
    """As its service sends it."""

    async def ask(self, guarded: Provider[WebhookHandler]) -> Outcome[Any]:
        """Send the good request."""
        return await guarded.call(guarded.it.handle, self.good)

    def test_its_name_can_be_an_address(self, provider: WebhookHandler) -> None:
        """And stays."""
        assert _NAME.fullmatch(provider.name)

    async def test_it_takes_what_its_service_sends(self, guarded: Provider[WebhookHandler]) -> None:
        """And takes it again: services repeat themselves."""
        for _ in range(2):
            response = await asked(guarded, guarded.it.handle, self.good)
            assert response is not None
            assert response.status < 300

    async def test_it_refuses_what_anybody_sends(self, guarded: Provider[WebhookHandler]) -> None:
        """The address is open to the world: it is for the handler to see who asks."""
        for content in _RUBBISH:
            stranger = WebhookRequest(method="POST", query={}, headers={}, content=content)
            response = await asked(guarded, guarded.it.handle, stranger)
            assert response is not None
            assert 400 <= response.status < 500
