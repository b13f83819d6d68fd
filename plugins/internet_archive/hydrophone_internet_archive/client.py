"""Asks the interfaces of the Archive: search, scrape and metadata."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, ProviderUnavailableError
from hydrophone.plugin import HttpClient
from hydrophone_internet_archive.pacing import Pace

T = TypeVar("T")
Document = Mapping[str, Any]
"""Fields of an item, as they come: see `shapes`."""

FIELDS = (
    "identifier",
    "title",
    "creator",
    "date",
    "year",
    "venue",
    "coverage",
    "source",
    "taper",
    "transferer",
    "lineage",
    "avg_rating",
    "num_reviews",
    "downloads",
    "format",
    "item_size",
    "collection",
    "mediatype",
)
DEEPEST = 10_000
"""Rows that the search pages through; beyond it there is but the scrape interface."""
_SCRAPED_AT_ONCE = 10_000
_SEARCH_LIMIT = Seconds(15.0)
_METADATA_LIMIT = Seconds(12.0)
_LARGEST_ANSWER = ByteCount(32 * 1024 * 1024)
_LARGEST_TEXT = ByteCount(512 * 1024)


class Found(Struct, frozen=True, kw_only=True):
    """A page of what was found."""

    total: int
    """On all pages together."""
    documents: list[dict[str, Any]]


class _Response(Struct):
    numFound: int = 0  # noqa: N815 - as the Archive writes it
    docs: list[dict[str, Any]] = []


class _SearchAnswer(Struct):
    response: _Response | None = None
    error: Any = None


class _ScrapeAnswer(Struct):
    items: list[dict[str, Any]] | None = None
    total: int = 0
    cursor: str | None = None
    error: Any = None


class Client:
    """The Archive, as it speaks. Everything it raises is a ProviderError."""

    def __init__(self, http: HttpClient, address: str) -> None:
        """`address` is without a slash at its end."""
        self._http = http
        self._address = address
        self._host = urlsplit(address).hostname or address
        # Apart, so that looking into what was found never holds up the next search.
        self._searches = Pace(per_second=1.0)
        self._lookups = Pace(per_second=3.0)

    async def search(
        self,
        query: str,
        *,
        rows: int,
        page: int = 1,
        sort: str = "",
        fields: tuple[str, ...] = FIELDS,
    ) -> Found:
        """Find items, the most relevant first unless a sort is given (`date asc`).

        `rows` times `page` is 10,000 at most.
        """
        parameters: dict[str, str | list[str]] = {
            "q": query,
            "fl[]": list(fields),
            "rows": str(rows),
            "page": str(page),
            "output": "json",
        }
        if sort:
            parameters["sort[]"] = [sort]
        answer = await self._searched("/advancedsearch.php", _SearchAnswer, parameters)
        if answer.response is None:
            raise BadAnswerError(f"{self._host} refuses the search: {_said(answer.error)}")
        return Found(total=answer.response.numFound, documents=answer.response.docs)

    async def scrape(self, query: str, *, fields: tuple[str, ...], most: int) -> Found:
        """Find all items of a query, in no order; `most` of them at most, rounded up to a page."""
        documents: list[dict[str, Any]] = []
        cursor, total = "", 0
        while True:
            parameters = {
                "q": query,
                "fields": ",".join(fields),
                "count": str(max(100, min(_SCRAPED_AT_ONCE, most))),
            }
            if cursor:
                parameters["cursor"] = cursor
            answer = await self._searched("/services/search/v1/scrape", _ScrapeAnswer, parameters)
            if answer.items is None:
                raise BadAnswerError(f"{self._host} refuses the search: {_said(answer.error)}")
            documents += answer.items
            total = max(answer.total, len(documents))
            cursor = answer.cursor or ""
            if not cursor or not answer.items or len(documents) >= most:
                return Found(total=total, documents=documents)

    async def metadata(self, identifier: str) -> dict[str, Any]:
        """Return all that is known of an item; empty if there is none."""
        await self._lookups.turn()
        path = f"/metadata/{quote(identifier, safe='')}"
        return await self._ask(path, dict[str, Any], {}, time_limit=_METADATA_LIMIT)

    async def text_file(self, identifier: str, name: str) -> str:
        """Return the text of a small file of an item."""
        answer = await self._http.get(
            self.download_address(identifier, name),
            time_limit=_METADATA_LIMIT,
            largest=_LARGEST_TEXT,
        )
        return answer.content.decode("utf-8", errors="replace")

    def download_address(self, identifier: str, name: str) -> str:
        """Return where a file can be had; it redirects to wherever the item lies today."""
        return f"{self._address}/download/{quote(identifier, safe='')}/{quote(name, safe='/')}"

    def picture_address(self, identifier: str) -> str:
        """Return where the picture of an item or a collection can be had."""
        return f"{self._address}/services/img/{quote(identifier, safe='')}"

    def page_address(self, identifier: str) -> str:
        """Return the page of an item, for people."""
        return f"{self._address}/details/{quote(identifier, safe='')}"

    async def _searched(
        self, path: str, of: type[T], parameters: Mapping[str, str | list[str]]
    ) -> T:
        await self._searches.turn()
        return await self._ask(path, of, parameters, time_limit=_SEARCH_LIMIT)

    async def _ask(
        self,
        path: str,
        of: type[T],
        parameters: Mapping[str, str | list[str]],
        *,
        time_limit: Seconds,
    ) -> T:
        answer = await self._http.get(
            self._address + path,
            parameters=parameters,
            time_limit=time_limit,
            largest=_LARGEST_ANSWER,
        )
        # In trouble the Archive sends a page for people, with status 200.
        if answer.content.lstrip()[:1] == b"<":
            raise ProviderUnavailableError(f"{self._host} sends a web page in place of an answer.")
        return answer.json(of=of)


def _said(error: object) -> str:
    return " ".join(str(error or "it does not say why").split())[:200]
