"""Asking servers for what has the limit of all endpoints, in both formats, once and then often."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from contrib.bench.bare_database import BARE
from contrib.bench.report import Least, Row
from contrib.bench.serving import STARTS, Client

Asked = tuple[str, str]
"""An endpoint, and its query."""
Measured = Iterable[tuple[Asked, Iterable[Row]]]

_TARGET_MS = 50.0
_ROUNDS = 7
_FORMATS = ("json", "xml")


def least_of(asked: Sequence[Asked], measured: Callable[[Sequence[Asked]], Measured]) -> list[Row]:
    """Return the least of each row: what is over its limit is asked of another server again.

    `measured` starts a server, and gives the rows of each that it is to be asked.
    """
    least = Least()
    for _ in range(STARTS):
        asked = [one for one, rows in measured(asked) if not least.note(rows)]
        if not asked:
            break
    return least.rows()


def rows(
    client: Client,
    shown: str,
    prepare: Callable[[str], Callable[[], object]],
    bound: float | None = None,
) -> Iterator[Row]:
    """Measure one request in both formats, and the dearer of both for the first time.

    `prepare` makes what a request in a format needs and returns what sends it.
    """
    firsts = []
    for form in _FORMATS:
        costs = [_cost(client, prepare(form)) for _ in range(_ROUNDS + 1)]
        firsts.append(costs[0])
        yield _row(f"{shown}, {form.upper()}", min(costs[1:]), bound)
    yield _row(f"{shown}, for the first time", max(firsts), bound)


def _cost(client: Client, send: Callable[[], object]) -> float:
    before = client.clock()
    send()
    return client.clock() - before


def _row(name: str, seconds: float, bound: float | None) -> Row:
    return Row(
        name=name,
        value=seconds * 1000,
        unit="ms CPU",
        target=_TARGET_MS,
        bound=None if bound is None else bound * 1000,
        bound_name="" if bound is None else BARE,
    )
