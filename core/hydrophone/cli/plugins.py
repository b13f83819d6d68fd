"""`hydrophone plugins`: how they stand, whether they work, and how to get one."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

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
from hydrophone.config import Config
from hydrophone.domain.units import Seconds
from hydrophone.host.records import CapabilityStatus, PluginState, PluginStatus

_COLORS = {
    PluginState.RUNNING: "green",
    PluginState.STARTING: "cyan",
    PluginState.DISABLED: "dim",
    PluginState.STOPPED: "dim",
}


_CHECK_LIMIT = Seconds(60.0)
_STATES = {PluginState.STOPPED: "not asked: no server runs"}
"""Of those states whose name does not tell enough."""


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@data_option
@json_option
def plugins(
    context: click.Context, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """List plugins with their state, what they can do and what went wrong last.

    While a server runs on the data folder, it is the server that is asked.

    \b
    Examples:
      hydrophone plugins
      hydrophone plugins check internet_archive
      hydrophone plugins install internet_archive
      hydrophone plugins new bandcamp
    """
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return
    import msgspec

    from hydrophone.host.stranger import run_beside
    from hydrophone.server.plugin_commands import plugin_statuses

    statuses = run_beside(plugin_statuses(load(config_file, data_dir)))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(statuses), indent=2))
    elif statuses:
        _print(statuses)
    else:
        output.print("No plugin is installed. `hydrophone plugins install NAME` installs one.")


@plugins.command()
@click.argument("name")
@config_option
@data_option
def check(name: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Start a plugin beside the server, and have it look whether all works.

    NAME is that of its table in the configuration. Tells what it may do outside of our process,
    and ends with 1 if something is wrong. Works before the first start of the server, too: where
    there is no data folder, it makes none.

    \b
    Examples:
      hydrophone plugins check internet_archive
    """
    from hydrophone.host.stranger import run_beside
    from hydrophone.server.plugin_commands import open_plugin, without_traces

    async def run(config: Config) -> None:
        from hydrophone.errors import HydrophoneError, PluginError
        from hydrophone.host.stranger import describe, within

        async with open_plugin(config, name) as plugin:
            manifest = plugin.manifest
            output.print(f"{printable(manifest.name)}: {printable(manifest.summary)}")
            if manifest.homepage:
                output.print(printable(manifest.homepage), soft_wrap=True)
            output.print("[green]Its table in the configuration is right, and it has started.[/]")
            for one in manifest.permissions:
                output.print(f"  {one.kind.value} {printable(one.target)}: {printable(one.reason)}")
            try:
                said: object = await within(_CHECK_LIMIT, set(), plugin.check)
            except HydrophoneError:
                raise
            except Exception as error:  # the border: a stranger's code
                raise PluginError(f"Its check has a bug: {describe(error)}") from error
            if not isinstance(said, str):
                raise PluginError(f"Its check returned {said!r:.100}, where a text is due.")
            output.print(printable(said))

    with without_traces(load(config_file, data_dir)) as config:
        run_beside(run(config))


@plugins.command()
@click.argument("name")
@click.option(
    "--to",
    "parent",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=Path(),
    help="Where the folder is made; by default here.",
)
def new(name: str, parent: Path) -> None:
    """Make the repository of a new plugin: code that works, tests, and what publishes it.

    NAME is that of the plugin: small letters, digits and underscores.

    \b
    Examples:
      hydrophone plugins new bandcamp
    """
    from datetime import UTC, datetime

    from hydrophone.cli.plugin_new import make_repository
    from hydrophone.host.discovery import installed_plugins

    folder = make_repository(name, parent, year=datetime.now(UTC).year)
    if (other := installed_plugins().get(name)) is not None:
        said = (
            f"{other.distribution} {other.version} is installed and has a plugin {name}, too: of "
            "two with one name none runs. Make it anew under another name, or uninstall that one."
        )
        errors.print(f"[yellow]{printable(said)}[/]", soft_wrap=True)
    output.print(f"Made {printable(str(folder))}. Go on there with:\n")
    click.echo(
        "  python -m venv .venv && . .venv/bin/activate\n  pip install -e '.[test]'\n  pytest"
    )


@plugins.command()
@config_option
@data_option
def analyze(config_file: Path | None, data_dir: Path | None) -> None:
    """Have plugins listen to the tracks that they have not heard yet.

    That is a job, which only a server does; it begins by itself when music has come.

    \b
    Examples:
      hydrophone plugins analyze
      hydrophone jobs --follow
    """

    async def run() -> int:
        from hydrophone.server.commands import open_jobs
        from hydrophone.services.analyses import NEW_JOB

        async with open_jobs(load(config_file, data_dir)) as queue:
            return (await queue.enqueue(NEW_JOB)).id

    errors.print(f"Job {asyncio.run(run())}")


@plugins.command()
@click.argument("name")
@click.option("--upgrade", is_flag=True, help="Get the newest version of one that is installed.")
def install(name: str, *, upgrade: bool) -> None:
    """Install a plugin from the package index into this Hydrophone, and show the table to add.

    NAME is that of the plugin (`internet_archive`), of a distribution (`hydrophone-bandcamp`) or
    the path of a wheel. A plugin is code that runs with all rights of the server: install only
    what you trust.

    \b
    Examples:
      hydrophone plugins install internet_archive
      hydrophone plugins install ./dist/hydrophone_bandcamp-1.0-py3-none-any.whl
    """
    import subprocess

    from hydrophone.cli.plugin_install import (
        distributions,
        installer,
        requirement,
        tables_of_new,
    )
    from hydrophone.host.discovery import installed_plugins

    before = distributions()
    plugins_before = {one: found.version for one, found in installed_plugins().items()}
    command = [*installer(), *(["--upgrade"] if upgrade else []), requirement(name)]
    output.print(f"[dim]{printable(' '.join(command))}[/]", soft_wrap=True)
    if subprocess.run(command, check=False).returncode:  # noqa: S603 - no shell; one argument is the user's
        raise click.ClickException(f"{name} could not be installed.")
    new = [
        f"{one} {version}" for one, version in distributions().items() if before.get(one) != version
    ]
    if not new:
        output.print("Nothing new was installed.")
        return
    output.print(f"Installed {printable(', '.join(sorted(new)))}.", soft_wrap=True)
    tables = tables_of_new(plugins_before)
    if not tables:
        output.print("No plugin is among it.")
        return
    output.print("Add this to the configuration, and start the server anew:\n")
    click.echo("\n\n".join(tables))


def _print(statuses: tuple[PluginStatus, ...]) -> None:
    from rich.table import Table

    table = Table("Plugin", "Version", "State", "Can do", "Breaker")
    said = []
    for one in statuses:
        name = one.instance if one.instance == one.plugin else f"{one.instance} ({one.plugin})"
        color = _COLORS.get(one.state, "red")
        table.add_row(
            printable(name),
            printable(one.version),
            f"[{color}]{_STATES.get(one.state, _words(one.state.value))}[/]",
            "\n".join(_capability(capability) for capability in one.capabilities),
            _breakers(one.capabilities),
        )
        if one.error:
            said.append(f"{printable(name)}: {printable(one.error)}")
        said.extend(
            f"{printable(name)}, {_words(each.capability)}: {printable(each.last_error)}"
            for each in one.capabilities
            if each.last_error
        )
    output.print(table)
    # Below, and in one piece: a column of a narrow terminal cuts off the key that is wrong.
    for line in said:
        output.print(line, soft_wrap=True)
    wrong = [one.instance for one in statuses if one.error]
    if wrong:
        errors.print(f"[yellow]Does not run: {printable(', '.join(wrong))}[/]")


def _capability(one: CapabilityStatus) -> str:
    name = _words(one.capability)
    return f"{name} ({one.calls} calls, {one.faults} faults)" if one.calls else name


def _breakers(capabilities: Sequence[CapabilityStatus]) -> str:
    if not capabilities:
        return ""
    is_open = [
        f"[red]{_words(one.capability)} open: {', '.join(one.suspended_calls)} "
        f"not asked for {one.suspended_for:.0f} s[/]"
        for one in capabilities
        if one.is_suspended
    ]
    return "\n".join(is_open) or "closed"


def _words(name: str) -> str:
    return name.replace("_", " ")
