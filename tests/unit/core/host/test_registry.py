"""What the registry makes of the objects that plugins hand over."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hydrophone.domain.facts import ArtistFacts
from hydrophone.domain.lyrics import Lyrics
from hydrophone.errors import PluginError
from hydrophone.host.capabilities import LYRICS, METADATA, SOURCE
from hydrophone.host.guard import Answer, NotFound
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.plugin.capabilities.metadata import AlbumQuery, ArtistQuery
from hydrophone.plugin.capabilities.source import SourceInfo
from hydrophone.testing.synthetic_source import SyntheticSource

pytestmark = pytest.mark.anyio


@pytest.fixture
def registry() -> Registry:
    return Registry(order={}, strict=True)


def tried_again(
    method: Callable[[Any, LyricsRequest], Awaitable[tuple[Lyrics, ...]]],
) -> Any:
    """Wrap without `functools.wraps`."""

    async def inner(self: Any, request: LyricsRequest) -> tuple[Lyrics, ...]:
        return await method(self, request)

    return inner


async def test_a_method_may_have_another_name_of_its_own(registry: Registry) -> None:
    class Words:
        @tried_again
        async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
            return ()

    provider = registry.add("odd", LYRICS, Words())
    request = LyricsRequest(track_id="tr-1", title="x", artists=())
    assert await provider.call(provider.it.lyrics, request) == Answer(())


async def test_one_function_may_be_several_methods(registry: Registry) -> None:
    """Each has the answer and the limit of the method as which it is called."""

    class Facts:
        album: Any

        async def artist(self, request: Any) -> ArtistFacts | None:
            return (
                ArtistFacts(biography="Sings.") if getattr(request, "name", "") == "Björk" else None
            )

    Facts.album = Facts.artist

    provider = registry.add("odd", METADATA, Facts())
    found = await provider.call(provider.it.artist, ArtistQuery(name="Björk"))
    assert isinstance(found, Answer)
    query = AlbumQuery(title="Post", artists=("Björk",))
    assert await provider.call(provider.it.album, query) == NotFound()


def source_of(info: object) -> Any:
    class Source(SyntheticSource):
        def __init__(self) -> None:
            """Have no service."""

    source: Any = Source()
    source.info = info
    return source


@pytest.mark.parametrize(
    "info",
    [
        None,
        7,
        {"title": "x"},
        SourceInfo(title="", is_browsable=True),
        SourceInfo(title="x" * 100_000, is_browsable=True),
        SourceInfo(title="x", is_browsable=True, downloads_at_once=0),
    ],
    ids=["none", "number", "dict", "empty", "huge", "no downloads"],
)
def test_a_source_has_to_describe_itself(registry: Registry, info: object) -> None:
    with pytest.raises(PluginError, match=r"^Source.info cannot be used: "):
        registry.add("odd", SOURCE, source_of(info))
    assert registry.all(SOURCE) == ()


@pytest.mark.parametrize("error", [RuntimeError("no"), AttributeError("no"), SystemExit(3)])
def test_a_description_that_raises_is_none(registry: Registry, error: BaseException) -> None:
    class Source(SyntheticSource):
        def __init__(self) -> None:
            """Have no service."""

        @property
        def info(self) -> SourceInfo:  # type: ignore[override]  # an attribute there
            raise error

    with pytest.raises(PluginError, match=r"Source\.info cannot be used"):
        registry.add("odd", SOURCE, Source())


def test_what_it_says_of_itself_stays(registry: Registry) -> None:
    source = source_of(SourceInfo(title="One", is_browsable=True))
    provider = registry.add("odd", SOURCE, source)
    source.info = None
    assert provider.it.info.title == "One"
