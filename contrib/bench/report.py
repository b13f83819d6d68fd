"""What was measured, as rows for people and for programs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

_MARKS = {True: "[green]ok[/]", False: "[bold red]over[/]", None: ""}


class Row(Struct, frozen=True, kw_only=True):
    """A figure, where possible beside a bound that was measured in the same run."""

    name: str
    value: float
    unit: str
    target: float | None = None
    """The worst value that is good enough; `None` = for information only."""
    bound: float | None = None
    """What the same work costs without all that a server adds; in the same unit."""
    bound_name: str = ""
    more_is_better: bool = False

    @property
    def ok(self) -> bool | None:
        """Say whether the target is met; `None` without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    @property
    def ratio(self) -> float | None:
        """Return the figure as a multiple of its bound."""
        return self.value / self.bound if self.bound else None


class Least:
    """The least that each row has shown, of a figure and of its bound, in the order of the rows.

    For what can be measured only once of each server: others on the machine make it look dearer,
    never cheaper.
    """

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def note(self, rows: Iterable[Row]) -> bool:
        """Count what was measured; return whether all of these rows meet their targets now."""
        names = []
        for row in rows:
            known = self._rows.get(row.name, row)
            bounds = [one.bound for one in (known, row) if one.bound is not None]
            self._rows[row.name] = replace(
                row, value=min(known.value, row.value), bound=min(bounds, default=None)
            )
            names.append(row.name)
        return all(self._rows[name].ok is not False for name in names)

    def rows(self) -> list[Row]:
        """Return the least of each."""
        return list(self._rows.values())


def show(rows: Sequence[Row]) -> None:
    """Print a table."""
    table = Table("Work", "Figure", "Unit", "Target", "", "Ratio", "Bound")
    for name in ("Figure", "Target", "Ratio"):
        next(column for column in table.columns if column.header == name).justify = "right"
    for row in rows:
        sign = "≥" if row.more_is_better else "≤"
        table.add_row(
            row.name,
            _number(row.value),
            row.unit,
            "" if row.target is None else f"{sign} {_number(row.target)}",
            _MARKS[row.ok],
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.bound is None else f"{_number(row.bound)}  {row.bound_name}",
        )
    Console().print(table)


def write(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON, each with its ratio and whether its target is met."""
    documents = [msgspec.structs.asdict(row) | {"ok": row.ok, "ratio": row.ratio} for row in rows]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(documents)) + b"\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
