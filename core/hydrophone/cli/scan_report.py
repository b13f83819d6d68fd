"""`hydrophone scan report`: which files their owner may want to look after."""

import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, json_option, load, output, printable
from hydrophone.domain.report import Duplicates, Remark, RemarkKind

TITLES = {
    RemarkKind.UNREADABLE: "Could not be read",
    RemarkKind.LENGTH: "Shorter than they say",
    RemarkKind.NO_TAGS: "Without tags",
    RemarkKind.MISSING_TAGS: "Without some tags",
    RemarkKind.PICTURE: "With a picture that is not shown",
    RemarkKind.NAME: "With a name that is no UTF-8",
    RemarkKind.PASSED_OVER: "Passed over",
    RemarkKind.OUTSIDE: "Linked from outside of the library",
}
DUPLICATE = "duplicate"
_MOST_ROWS = 200
"""Of each kind on a terminal; JSON and CSV have them all."""
_FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would compute, or run."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What ends or turns around a line, or is a command to a terminal."""


_Write = Callable[[Iterable[Remark], Iterable[Duplicates]], None]


@click.command()
@config_option
@data_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV to standard output.")
def report(config_file: Path | None, data_dir: Path | None, *, as_json: bool, as_csv: bool) -> None:
    """List files that may want looking after, as the last scan found them.

    Those that could not be read, that hold less sound than they say (downloads that were cut
    off), that lack tags, have a picture that is not shown or a name that is no UTF-8, that are no
    files or linked from elsewhere, CUE sheets that cannot be used, and files with the same sound
    as others. Scans nothing itself.

    \b
    Examples:
      hydrophone scan report
      hydrophone scan report --csv > report.csv
      hydrophone scan report --json | jq -r '.remarks[] | select(.kind == "length").path'
    """
    from hydrophone.server.data_folder import prepare
    from hydrophone.storage.connection import connect
    from hydrophone.storage.queries import remarks as queries

    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    write: _Write = _write_json if as_json else _write_csv if as_csv else _show
    path, _ = prepare(load(config_file, data_dir), must_exist=True)
    with connect(path, durable=False) as connection:
        write(queries.remarks(connection), queries.duplicates(connection))


def _write_json(remarks: Iterable[Remark], duplicates: Iterable[Duplicates]) -> None:
    """Write one object (a `ScanReport`), a line for each item, without ever holding it."""
    import msgspec

    out = sys.stdout.buffer
    out.write(b'{"remarks":[')
    _write_items(out.write, map(msgspec.json.encode, remarks))
    out.write(b'],\n"duplicates":[')
    _write_items(out.write, map(msgspec.json.encode, duplicates))
    out.write(b"]}\n")
    out.flush()


def _write_items(write: Callable[[bytes], object], items: Iterable[bytes]) -> None:
    separator = b"\n"
    for item in items:
        write(separator + item)
        separator = b",\n"


def _write_csv(remarks: Iterable[Remark], duplicates: Iterable[Duplicates]) -> None:
    """Write RFC 4180, a line for each file; files with the same sound share a group's number."""
    # Whatever the locale says: a path may have any character.
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    writer = csv.writer(out)
    writer.writerow(("kind", "library", "path", "reason", "group"))
    for remark in remarks:
        cells = (remark.kind.value, remark.library, remark.path, remark.reason, "")
        writer.writerow(map(_harmless, cells))
    for number, group in enumerate(duplicates, 1):
        for place in group.files:
            cells = (DUPLICATE, place.library, place.path, group.reason, str(number))
            writer.writerow(map(_harmless, cells))
    out.detach()


def _harmless(cell: str) -> str:
    """Escape control characters, and put an apostrophe before what would be a formula (OWASP)."""
    cell = _CONTROL.sub(lambda found: printable(found[0]), cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _show(remarks: Iterable[Remark], duplicates: Iterable[Duplicates]) -> None:
    """Draw a table for each kind, each with so many rows that the memory is bounded."""
    shown = False
    for kind, those in groupby(remarks, key=lambda remark: remark.kind):
        rows = ((remark.library, remark.path, remark.reason) for remark in those)
        _table(TITLES[kind], ("Library", "File", "Reason"), rows)
        shown = True
    places = _places(duplicates)
    first = next(places, None)
    if first is not None:
        _table("With the same sound", ("Group", "Library", "File"), chain((first,), places))
        shown = True
    if not shown:
        output.print("There is nothing to remark on any file.")


def _places(groups: Iterable[Duplicates]) -> Iterator[tuple[str, str, str]]:
    for number, group in enumerate(groups, 1):
        for place in group.files:
            yield str(number), place.library, place.path


def _table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left")
    for row in islice(rows, _MOST_ROWS):
        table.add_row(*map(printable, row))
    output.print(table)
    more = sum(1 for _ in rows)
    if more:
        output.print(f"... and {more} more; see --csv or --json.")
