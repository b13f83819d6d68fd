"""`hydrophone scan`: look for changed files now, with a progress bar."""

import asyncio
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    errors,
    json_option,
    load,
    music_option,
    output,
    printable,
    refuse_options,
)
from hydrophone.cli.scan_report import report
from hydrophone.config import Config
from hydrophone.domain.library import LibraryStatus, ScanSummary
from hydrophone.scanner.messages import ScanProgress

INCOMPLETE = 3
"""Exit code: done, but something could not be read."""
_MOST_PROBLEMS = 50


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@data_option
@music_option
@click.option("--full", is_flag=True, help="Read all files, also those that look unchanged.")
@click.option(
    "--accept-root",
    "accepted",
    multiple=True,
    metavar="LIBRARY",
    help="Take this library's folder as it is now, though it is empty or another one; repeatable.",
)
@click.option("--status", is_flag=True, help="Scan nothing; say how each library stands.")
@json_option
def scan(
    context: click.Context,
    config_file: Path | None,
    data_dir: Path | None,
    music: tuple[Path, ...],
    *,
    full: bool,
    accepted: tuple[str, ...],
    status: bool,
    as_json: bool,
) -> None:
    """Look for new, changed and vanished files; works while the server runs, too.

    Ends with a summary and the list of files that could not be read (exit code 3 if there are
    any, if a library is paused, or if a file is still being written).

    \b
    Examples:
      hydrophone scan
      hydrophone scan --music ~/Music --data /srv/hydrophone
      hydrophone scan --full --json
      hydrophone scan --status
      hydrophone scan --accept-root Music
      hydrophone scan report
    """
    import msgspec

    if context.invoked_subcommand is not None:
        refuse_options(context)
        return
    config = load(config_file, data_dir, music=music)
    if not config.libraries:
        raise click.UsageError(
            "There is no library: name a folder by --music, or in the configuration."
        )
    unknown = set(accepted) - {library.name for library in config.libraries}
    if unknown:
        raise click.UsageError(f"There is no library {unknown.pop()!r}.")
    if status:
        statuses = _statuses(config)
        if as_json:
            click.echo(msgspec.json.encode(statuses))
        else:
            _show_statuses(statuses)
        sys.exit(INCOMPLETE if any(library.problem for library in statuses) else 0)
    summary = _run(config, full=full, retire=not music, accepted=accepted)
    if as_json:
        click.echo(msgspec.json.encode(summary))
    else:
        _show(summary)
    sys.exit(INCOMPLETE if summary.problem_count or summary.growing else 0)


def _run(config: Config, *, full: bool, retire: bool, accepted: Collection[str]) -> ScanSummary:
    """Scan in a child process and draw the progress on standard error."""
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from hydrophone.errors import UnsupportedError
    from hydrophone.media.ffmpeg import find_ffmpeg
    from hydrophone.server.data_folder import prepare
    from hydrophone.services.scans import run_scan, scan_request

    path, libraries = prepare(config)
    try:
        ffmpeg = find_ffmpeg(config.transcoding.ffmpeg)
    except UnsupportedError:
        ffmpeg = None
        errors.print("There is no ffmpeg: of videos little more than their names will be known.")
    # Folders named on the command line are looked at besides what a server may be serving.
    request = scan_request(
        config,
        path,
        libraries,
        ffmpeg=ffmpeg,
        full=full,
        retire=retire,
        accepted=[library.id for library in libraries if library.name in accepted],
    )
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=errors,
        transient=True,
    ) as progress:
        task = progress.add_task("Looking around", total=None)

        def report(scanned: ScanProgress) -> None:
            progress.update(
                task,
                description=escape(scanned.library),
                completed=scanned.read,
                total=scanned.to_read,
            )

        return asyncio.run(run_scan(request, report))


def _show(summary: ScanSummary) -> None:
    noun = "file" if summary.found == 1 else "files"
    output.print(
        f"{summary.found} {noun} in {summary.seconds:.1f} s: [green]{summary.added} new[/], "
        f"{summary.changed} changed, {summary.moved} moved, {summary.missing} missing, "
        f"{summary.unchanged} unchanged."
    )
    growing = sum(map(len, summary.growing.values()))
    if growing:
        output.print(
            f"[yellow]{growing} are still being written:[/] the next scan reads them, or a server "
            "that runs does when they are done."
        )
    if summary.problem_count:
        _show_problems(summary)
    if summary.remark_count:
        files = "file has" if summary.remark_count == 1 else "files have"
        output.print(f"{summary.remark_count} {files} remarks: hydrophone scan report")


def _show_problems(summary: ScanSummary) -> None:
    from rich.table import Table

    table = Table("Library", "File", "Reason", title="Could not be read", title_justify="left")
    for problem in summary.problems[:_MOST_PROBLEMS]:
        table.add_row(*map(printable, (problem.library, problem.path, problem.reason)))
    output.print(table)
    if summary.problem_count > _MOST_PROBLEMS:
        output.print(f"... and {summary.problem_count - _MOST_PROBLEMS} more; see --json.")


def _statuses(config: Config) -> tuple[LibraryStatus, ...]:
    """Return how the configured libraries stand, as the last scans and the server left them."""
    from hydrophone.server.data_folder import prepare
    from hydrophone.storage.connection import connect
    from hydrophone.storage.queries import libraries as queries

    path, libraries = prepare(config, must_exist=True)
    with connect(path, durable=False) as connection:
        return queries.statuses(connection, [library.id for library in libraries])


def _show_statuses(statuses: Sequence[LibraryStatus]) -> None:
    from datetime import datetime

    from rich.markup import escape

    for library in statuses:
        state = "[yellow]paused[/]" if library.problem else "[green]well[/]"
        output.print(f"[bold]{escape(library.name)}[/]: {state}")
        if library.problem:
            output.print(f"  {escape(library.problem)}")
        if library.polled:
            output.print(f"  Not watched but polled: {escape(library.polled)}")
        when = "never"
        if library.scanned is not None:
            local = datetime.fromtimestamp(library.scanned / 1000).astimezone()
            when = f"{local:%Y-%m-%d %H:%M:%S}"
        output.print(f"  {escape(library.path)}, last looked at: {when}")


scan.add_command(report)
