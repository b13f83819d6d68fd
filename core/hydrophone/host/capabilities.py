"""Which capabilities there are: the hook that collects each, its methods and their limits."""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_type_hints

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import PluginError
from hydrophone.plugin.capabilities.acquirer import Acquirer
from hydrophone.plugin.capabilities.analyzer import Analyzer
from hydrophone.plugin.capabilities.artwork import ArtworkProvider
from hydrophone.plugin.capabilities.event_listener import EventListener
from hydrophone.plugin.capabilities.job import Job
from hydrophone.plugin.capabilities.lyrics import LyricsProvider
from hydrophone.plugin.capabilities.metadata import MetadataProvider
from hydrophone.plugin.capabilities.recognizer import Recognizer
from hydrophone.plugin.capabilities.scrobbler import Scrobbler
from hydrophone.plugin.capabilities.similarity import SimilarityProvider, SonicSimilarity
from hydrophone.plugin.capabilities.source import Source
from hydrophone.plugin.capabilities.webhook import WebhookHandler

T = TypeVar("T")

_LIMITS: Mapping[type, Mapping[str, float]] = MappingProxyType(
    {
        # The caller's deadline ends a search sooner; this is for those who only collect.
        Source: {"search": 20.0, "resolve": 30.0},
        Analyzer: {"analyze": 600.0},
        Job: {"run": 3600.0},
        Recognizer: {"recognize": 60.0},
        Scrobbler: {"is_linked": 2.0, "submit": 30.0},
        EventListener: {"on_event": 30.0},
        LyricsProvider: {"lyrics": 15.0},
        ArtworkProvider: {"artwork": 20.0},
    }
)
_USUAL_LIMIT = 10.0


class Method(Struct, frozen=True, kw_only=True):
    """A method of a capability that is called through the guard."""

    name: str
    answer: Any
    """The type of what it returns, as the Protocol says."""
    time_limit: Seconds


class Capability(Struct, Generic[T], frozen=True, kw_only=True):
    """One of the things that a plugin can do; T is its Protocol."""

    name: str
    """`source`, `lyrics_provider`, ...: as people see it."""
    hook: str
    protocol: type
    methods: Mapping[str, Method]


def _capability(name: str, hook: str, protocol: type) -> Capability[Any]:
    limits = _LIMITS.get(protocol, {})
    methods = {
        method: Method(
            name=method,
            answer=get_type_hints(function, include_extras=True)["return"],
            time_limit=Seconds(limits.get(method, _USUAL_LIMIT)),
        )
        for method, function in vars(protocol).items()
        if inspect.iscoroutinefunction(function)
    }
    return Capability(name=name, hook=hook, protocol=protocol, methods=methods)


SOURCE: Capability[Source] = _capability("source", "sources", Source)
METADATA: Capability[MetadataProvider] = _capability(
    "metadata_provider", "metadata_providers", MetadataProvider
)
ARTWORK: Capability[ArtworkProvider] = _capability(
    "artwork_provider", "artwork_providers", ArtworkProvider
)
LYRICS: Capability[LyricsProvider] = _capability(
    "lyrics_provider", "lyrics_providers", LyricsProvider
)
SIMILARITY: Capability[SimilarityProvider] = _capability(
    "similarity_provider", "similarity_providers", SimilarityProvider
)
SONIC_SIMILARITY: Capability[SonicSimilarity] = _capability(
    "sonic_similarity", "sonic_similarities", SonicSimilarity
)
RECOGNIZER: Capability[Recognizer] = _capability("recognizer", "recognizers", Recognizer)
ANALYZER: Capability[Analyzer] = _capability("analyzer", "analyzers", Analyzer)
SCROBBLER: Capability[Scrobbler] = _capability("scrobbler", "scrobblers", Scrobbler)
EVENT_LISTENER: Capability[EventListener] = _capability(
    "event_listener", "event_listeners", EventListener
)
ACQUIRER: Capability[Acquirer] = _capability("acquirer", "acquirers", Acquirer)
WEBHOOK: Capability[WebhookHandler] = _capability("webhook", "webhooks", WebhookHandler)
JOB: Capability[Job] = _capability("job", "jobs", Job)

CAPABILITIES: tuple[Capability[Any], ...] = (
    SOURCE,
    METADATA,
    ARTWORK,
    LYRICS,
    SIMILARITY,
    SONIC_SIMILARITY,
    RECOGNIZER,
    ANALYZER,
    SCROBBLER,
    EVENT_LISTENER,
    ACQUIRER,
    WEBHOOK,
    JOB,
)
"""In the order of `hookspecs.py`, whose `commands` are for the command line alone."""


def check_provider(capability: Capability[Any], provider: object) -> None:
    """See that an object is what its hook promises, as far as can be seen without calling it.

    A Protocol's own check looks at names only; so kinds and parameters are compared as well.

    Raises:
        PluginError: Something is missing or of another shape.
    """
    protocol, kind = capability.protocol, type(provider).__name__
    for name, member in vars(protocol).items():
        if name.startswith("_") or not (inspect.isfunction(member) or isinstance(member, property)):
            continue
        if not hasattr(provider, name):
            raise PluginError(f"{kind} is no {protocol.__name__}: it has no {name}.")
        if inspect.isfunction(member):
            _check_method(f"{kind}.{name}", member, getattr(provider, name))


def _check_method(name: str, wanted: Callable[..., object], has: object) -> None:
    if not callable(has):
        raise PluginError(f"{name} is no method.")
    if inspect.iscoroutinefunction(wanted) != inspect.iscoroutinefunction(has):
        expected = "be" if inspect.iscoroutinefunction(wanted) else "not be"
        raise PluginError(f"{name} must {expected} an `async def`.")
    parameters = [*inspect.signature(wanted).parameters][1:]
    if [*inspect.signature(has).parameters] != parameters:
        raise PluginError(f"{name} must take ({', '.join(parameters)}).")
