"""Which capabilities there are: the hook that collects each, its methods and their limits."""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any, Generic, TypeVar, cast, get_type_hints

import msgspec
from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import PluginError
from hydrophone.host.stranger import called, describe
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
_OF_ONE_TRACK: Mapping[type, frozenset[str]] = MappingProxyType({Source: frozenset({"resolve"})})
"""Whose faults say nothing of other tracks; who plays or fetches one limits its tries."""


class Method(Struct, frozen=True, kw_only=True):
    """A method of a capability that is called through the guard."""

    name: str
    answer: Any
    """The type of what it returns, as the Protocol says."""
    time_limit: Seconds
    has_breaker: bool
    """Whether several faults in a row stop its calls for a while."""


class Capability(Struct, Generic[T], frozen=True, kw_only=True):
    """One of the things that a plugin can do; T is its Protocol."""

    name: str
    """`source`, `lyrics_provider`, ...: as people see it."""
    hook: str
    protocol: type
    methods: Mapping[str, Method]
    attributes: Mapping[str, Any]
    """What it says of itself, by name, with its type; read once."""


def _capability(name: str, hook: str, protocol: type) -> Capability[Any]:
    limits = _LIMITS.get(protocol, {})
    methods = {
        method: Method(
            name=method,
            answer=get_type_hints(function, include_extras=True)["return"],
            time_limit=Seconds(limits.get(method, _USUAL_LIMIT)),
            has_breaker=method not in _OF_ONE_TRACK.get(protocol, ()),
        )
        for method, function in vars(protocol).items()
        if inspect.iscoroutinefunction(function)
    }
    attributes = {
        attribute: get_type_hints(member.fget, include_extras=True)["return"]
        for attribute, member in vars(protocol).items()
        if isinstance(member, property)
    }
    return Capability(
        name=name, hook=hook, protocol=protocol, methods=methods, attributes=attributes
    )


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


def check_provider(capability: Capability[T], provider: T) -> T:
    """See that an object is what its hook promises, as far as can be seen without calling it.

    A Protocol's own check looks at names only; so kinds and parameters are compared as well.
    Returns a stand-in: its methods have the names of the Protocol, whatever decorators have made
    of them, and what it says of itself stays as it was now.

    Raises:
        PluginError: Something is missing or of another shape.
    """
    protocol, kind = capability.protocol, type(provider).__name__
    found: dict[str, object] = {}
    for name, member in vars(protocol).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            found[name] = _attribute(f"{kind}.{name}", provider, capability.attributes[name])
        elif inspect.isfunction(member):
            found[name] = _method(f"{kind}.{name}", provider, member)
    # It has all that the Protocol asks for, which mypy cannot see.
    return cast("T", SimpleNamespace(**found))


def _attribute(name: str, provider: object, wanted: Any) -> object:  # noqa: ANN401 - a type of typing
    value = _member(name, provider)
    try:
        return msgspec.convert(msgspec.to_builtins(value), wanted)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        raise PluginError(f"{name} cannot be used: {describe(error)}") from error


def _method(name: str, provider: object, wanted: Callable[..., object]) -> object:
    has = _member(name, provider)
    if not callable(has):
        raise PluginError(f"{name} is no method.")
    if inspect.iscoroutinefunction(wanted) != inspect.iscoroutinefunction(has):
        expected = "be" if inspect.iscoroutinefunction(wanted) else "not be"
        raise PluginError(f"{name} must {expected} an `async def`.")
    parameters = [*inspect.signature(wanted).parameters][1:]
    if [*inspect.signature(has).parameters] != parameters:
        raise PluginError(f"{name} must take ({', '.join(parameters)}).")

    def method(request: object) -> object:
        return has(request)

    method.__name__ = wanted.__name__
    return method


def _member(name: str, provider: object) -> object:
    """Return what is called so; to look may run code, of a property."""
    member = name.rpartition(".")[2]
    try:
        return called(lambda: getattr(provider, member))
    except AttributeError as error:
        if member not in dir(provider):
            raise PluginError(f"{name} is missing.") from error
        raise PluginError(f"{name} cannot be used: {describe(error)}") from error
    except Exception as error:  # the border: a stranger's code
        raise PluginError(f"{name} cannot be used: {describe(error)}") from error
