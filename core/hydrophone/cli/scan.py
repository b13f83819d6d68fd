"""`hydrophone scan`: look for changed files now, with a progress bar."""

import asyncio
import sys
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
)
from hydrophone.config import Config
from hydrophone.domain.library import ScanSummary
from hydrophone.scanner.messages import ScanProgress

INCOMPLETE = 3
"""Exit code: done, but something could not be read."""
_MOST_PROBLEMS = 50


@click.command()
@config_option
@data_option
@music_option
@click.option("--full", is_flag=True, help="Read all files, also those that look unchanged.")
@json_option
def scan(
    config_file: Path | None,
    data_dir: Path | None,
    music: tuple[Path, ...],
    *,
    full: bool,
    as_json: bool,
) -> None:
    """Look for new, changed and vanished files; works while the server runs, too.

    Ends with a summary and the list of files that could not be read (exit code 3 if there are
    any).

    \b
    Examples:
      hydrophone scan
      hydrophone scan --music ~/Music --data /srv/hydrophone
      hydrophone scan --full --json
    """
    import msgspec

    config = load(config_file, data_dir, music=music)
    if not config.libraries:
        raise click.UsageError(
            "There is no library: name a folder by --music, or in the configuration."
        )
    summary = _run(config, full=full, retire=not music)
    if as_json:
        click.echo(msgspec.json.encode(summary))
    else:
        _show(summary)
    sys.exit(INCOMPLETE if summary.problem_count else 0)


def _run(config: Config, *, full: bool, retire: bool) -> ScanSummary:
    """Scan in a child process and draw the progress on standard error."""
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from hydrophone.server.wiring import prepare
    from hydrophone.services.scans import run_scan, scan_request

    path, libraries = prepare(config)
    # Folders named on the command line are looked at besides what a server may be serving.
    request = scan_request(config.scan, path, libraries, full=full, retire=retire)
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
    from rich.markup import escape
    from rich.table import Table

    output.print(
        f"{summary.found} files in {summary.seconds:.1f} s: [green]{summary.added} new[/], "
        f"{summary.changed} changed, {summary.moved} moved, {summary.missing} missing, "
        f"{summary.unchanged} unchanged."
    )
    if not summary.problem_count:
        return
    table = Table("Library", "File", "Reason", title="Could not be read", title_justify="left")
    for problem in summary.problems[:_MOST_PROBLEMS]:
        table.add_row(escape(problem.library), escape(problem.path), escape(problem.reason))
    output.print(table)
    if summary.problem_count > _MOST_PROBLEMS:
        output.print(f"... and {summary.problem_count - _MOST_PROBLEMS} more; see --json.")
