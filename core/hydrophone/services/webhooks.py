"""Hands requests of other services to the plugins that wait for them."""

from hydrophone.errors import NotFoundError, ProviderError
from hydrophone.host.capabilities import WEBHOOK
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.webhook import WebhookRequest, WebhookResponse


class Webhooks:
    """The addresses of all running plugins."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def handle(self, instance: str, name: str, request: WebhookRequest) -> WebhookResponse:
        """Have a plugin answer; within 10 seconds.

        Raises NotFoundError if no running plugin has this address, and ProviderError if the
        plugin fails.
        """
        for provider in self._registry.all(WEBHOOK):
            if (provider.instance, provider.it.name) != (instance, name):
                continue
            match await provider.call(provider.it.handle, request):
                case Answer(value):
                    return value
                case Fault(error):
                    raise error
            raise ProviderError(f"{instance} has no answer.")
        raise NotFoundError("Nobody waits for this.")
