"""What sources and other plugins have answered, kept so that they are asked once for many.

An answer is served while it is fresh; an older one is served as well, and asked for anew behind
the back of whoever waits. A source that fails leaves the answer that there is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from hydrophone.domain.answers import SourceAnswers
from hydrophone.domain.units import Milliseconds, Seconds
from hydrophone.errors import ProviderUnavailableError
from hydrophone.host.guard import Answer, Fault, NotFound, Outcome
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import answers

logger = logging.getLogger(__name__)

T = TypeVar("T")


class AnswerKind(StrEnum):
    """What a source or another plugin was asked for; each has answers of one type."""

    SEARCH = "search"
    BROWSE = "browse"
    ARTIST = "artist"
    ALBUM = "album"
    MATCH = "match"
    ARTIST_FACTS = "artist_facts"
    ALBUM_FACTS = "album_facts"
    ARTWORK = "artwork"
    LYRICS = "lyrics"
    SIMILAR_ARTISTS = "similar_artists"
    SIMILAR_TRACKS = "similar_tracks"
    TOP_TRACKS = "top_tracks"


class Question(Struct, frozen=True, kw_only=True):
    """What makes two calls the same."""

    source: str
    """The instance of the plugin."""
    kind: AnswerKind
    key: str
    """The native id, the words of a search, or what else it is about."""


class Answers:
    """The cache, and the calls that are under way."""

    def __init__(self, *, database: Database, clock: Clock, fresh: Milliseconds) -> None:
        """An answer is `fresh` for so long."""
        self._database = database
        self._clock = clock
        self._fresh = fresh
        self._under_way: dict[Question, asyncio.Task[Outcome[Any]]] = {}
        """Of types that follow from the kinds of the questions."""

    async def ask(
        self,
        question: Question,
        decode: Callable[[str], T | None],
        fetch: Callable[[], Awaitable[Outcome[T]]],
        *,
        patience: Seconds,
    ) -> Outcome[T]:
        """Return the answer that is known, else what `fetch` gives within so many seconds.

        `fetch` stores what it has found before it returns; it runs once however many ask, and to
        its end although nobody waits any more. `decode` reads an answer from JSON. Raises nothing
        but CancelledError.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + patience
        found = await self._database.read(answers.one, *_key(question))
        if found is not None:
            await self._database.write_soon(answers.hit, *_key(question))
            if self._clock.now() - found.created >= self._fresh:
                _ = self._start(question, fetch)
            known = decode(found.document)
            return NotFound() if known is None else Answer(known)
        return await self.renew(question, fetch, patience=Seconds(max(0.0, ends - loop.time())))

    async def renew(
        self,
        question: Question,
        fetch: Callable[[], Awaitable[Outcome[T]]],
        *,
        patience: Seconds,
    ) -> Outcome[T]:
        """Do what `ask` does as if nothing were known yet."""
        task = self._start(question, fetch)
        await asyncio.wait([task], timeout=patience)
        if not task.done():
            late = f"{question.source} has not answered within {patience:.1f} seconds."
            return Fault(ProviderUnavailableError(late))
        return task.result()

    async def statistics(self) -> tuple[SourceAnswers, ...]:
        """Return what is kept of each source, by name."""
        return await self._database.read(answers.statistics)

    async def clear(self, source: str = "") -> int:
        """Forget the answers of a source, or of all; return how many there were."""
        return await self._database.write(answers.clear, source)

    async def close(self) -> None:
        """End the calls that are under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(
        self, question: Question, fetch: Callable[[], Awaitable[Outcome[T]]]
    ) -> asyncio.Task[Outcome[T]]:
        task = self._under_way.get(question)
        if task is None:
            task = asyncio.create_task(self._fetched(question, fetch))
            self._under_way[question] = task
            task.add_done_callback(lambda _: self._under_way.pop(question, None))
        return task

    async def _fetched(
        self, question: Question, fetch: Callable[[], Awaitable[Outcome[T]]]
    ) -> Outcome[T]:
        try:
            outcome = await fetch()
            if not isinstance(outcome, Fault):
                value = outcome.value if isinstance(outcome, Answer) else None
                document = msgspec.json.encode(value).decode()
                now = self._clock.now()
                await self._database.write_soon(answers.put, *_key(question), document, now)
        except Exception as error:  # the border: nobody may be waiting any more who would hear
            logger.exception("An answer of %s could not be stored", question.source)
            return Fault(ProviderUnavailableError(f"Its answer could not be stored: {error}"))
        return outcome


def _key(question: Question) -> tuple[str, str, str]:
    return question.source, question.kind.value, question.key
