"""`hydrophone jobs`: what the server has to do, and how far it is."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import RenderableType

from hydrophone.cli.console import (
    config_option,
    data_option,
    errors,
    json_option,
    load,
    output,
    printable,
    refuse_options,
)
from hydrophone.domain.job import ACTIVE, Job, JobQuery, JobState
from hydrophone.domain.units import Timestamp

_MOST_ROWS = 50
_PAGE = 500
_LOOK_SECONDS = 0.5
_COLORS = {
    JobState.RUNNING: "cyan",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELLED: "yellow",
}

_Search = Callable[[JobQuery], Awaitable[tuple[tuple[Job, ...], int]]]


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--follow", is_flag=True, help="Show the progress until no job is active any more.")
@config_option
@data_option
@json_option
def jobs(
    context: click.Context,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    follow: bool,
    as_json: bool,
) -> None:
    """List downloads and other work, active jobs first; works while the server runs, too.

    Jobs that have ended are listed for 30 days. Only a server does them.

    \b
    Examples:
      hydrophone jobs
      hydrophone jobs --follow
      hydrophone jobs --json | jq '.[] | select(.state == "failed").error'
      hydrophone jobs cancel 12
    """
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return
    if follow and as_json:
        raise click.UsageError("Choose one of --follow and --json.")

    async def run() -> None:
        from hydrophone.server.commands import open_jobs

        async with open_jobs(load(config_file, data_dir)) as queue:
            if follow:
                await _follow(queue.search)
            elif as_json:
                await _write_json(queue.search)
            else:
                output.print(_table(*await queue.search(JobQuery(size=_MOST_ROWS))))

    asyncio.run(run())


@jobs.command()
@click.argument("number", type=click.IntRange(min=1), metavar="ID")
@config_option
@data_option
@json_option
def cancel(number: int, config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Cancel a job; what is there of it is removed.

    A server that runs ends it within a second or two, otherwise the next one at its start.

    \b
    Example:
      hydrophone jobs cancel 12
    """
    import msgspec

    async def run() -> Job:
        from hydrophone.server.commands import open_jobs

        async with open_jobs(load(config_file, data_dir)) as queue:
            return await queue.cancel_any(number)

    job = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode(job))
    elif job.state in ACTIVE:
        errors.print(f"Cancelled job {job.id}: {printable(job.title)}", soft_wrap=True)
    else:
        errors.print(f"Job {job.id} had ended already: {job.state.value}.")


async def _write_json(search: _Search) -> None:
    """Write all jobs as one array."""
    import msgspec

    found: list[Job] = []
    while len(found) % _PAGE == 0:
        page, _ = await search(JobQuery(size=_PAGE, offset=len(found)))
        if not page:
            break
        found += page
    click.echo(msgspec.json.encode(found))


async def _follow(search: _Search) -> None:
    from rich.live import Live

    with Live(console=output, auto_refresh=False) as live:
        while True:
            found, total = await search(JobQuery(size=_MOST_ROWS))
            live.update(_table(found, total), refresh=True)
            if not any(job.state in ACTIVE for job in found):
                return
            await asyncio.sleep(_LOOK_SECONDS)


def _table(found: Sequence[Job], total: int) -> RenderableType:
    from rich.table import Table

    if not found:
        return "There are no jobs."
    more = f"... and {total - len(found)} more; see --json." if total > len(found) else None
    table = Table("Id", "Kind", "What", "Whose", "State", "Progress", "Tries", "Remarks")
    table.caption = more
    for job in found:
        color = _COLORS.get(job.state, "default")
        table.add_row(
            str(job.id),
            *map(printable, (job.kind, job.title, job.user_name)),
            f"[{color}]{_state(job)}[/]",
            _progress(job),
            str(job.attempts),
            printable(_remark(job)),
        )
    return table


def _state(job: Job) -> str:
    return "stopping" if job.is_cancelled and job.state in ACTIVE else job.state.value


def _progress(job: Job) -> str:
    parts = []
    if job.total:
        parts.append(f"{min(job.done / job.total, 1.0):.0%}")
    if job.text:
        parts.append(printable(job.text))
    return " ".join(parts)


def _remark(job: Job) -> str:
    if job.state is JobState.WAITING and job.error:
        return f"again at {_time(job.due)}: {job.error}"
    return job.error or job.result


def _time(timestamp: Timestamp) -> str:
    return f"{datetime.fromtimestamp(timestamp / 1000).astimezone():%H:%M:%S}"
