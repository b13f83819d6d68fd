"""The command `hydrophone` with its subcommands."""

import sys

import click
from rich.markup import escape

from hydrophone import __version__
from hydrophone.cli.avatars import avatar
from hydrophone.cli.backup import backup
from hydrophone.cli.cache import cache
from hydrophone.cli.config import config_group
from hydrophone.cli.console import errors
from hydrophone.cli.devices import api_key, app_password, devices, revoke
from hydrophone.cli.jobs import jobs
from hydrophone.cli.playlists import playlists
from hydrophone.cli.plugin_commands import CommandLine, open_for_command
from hydrophone.cli.plugins import plugins
from hydrophone.cli.podcasts import podcasts
from hydrophone.cli.recognize import recognize
from hydrophone.cli.roles import edit, roles
from hydrophone.cli.scan import scan
from hydrophone.cli.serve import serve
from hydrophone.cli.sources import sources
from hydrophone.cli.users import users
from hydrophone.cli.want import want
from hydrophone.errors import HydrophoneError
from hydrophone.plugin.commands import OPENER

EPILOG = """\b
Exit codes:
  0  done
  1  failed; the last line on standard error says why
  2  wrong usage
  3  done in part: some files or libraries could not be read, or are still written (scan)"""


@click.group(
    cls=CommandLine,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="Hydrophone")
@click.pass_context
def cli(context: click.Context) -> None:
    """Hydrophone: your music, in every Subsonic app.

    \b
    Examples:
      hydrophone serve --demo                 serve six short pieces that come with it
      hydrophone serve --music ~/Music        serve a folder
      hydrophone users add anna               make an account for somebody else
    """
    context.meta[OPENER] = open_for_command


cli.add_command(serve)
cli.add_command(scan)
cli.add_command(users)
cli.add_command(playlists)
cli.add_command(podcasts)
cli.add_command(jobs)
cli.add_command(cache)
cli.add_command(backup)
cli.add_command(plugins)
cli.add_command(sources)
cli.add_command(recognize)
cli.add_command(want)
cli.add_command(config_group)
for command in (app_password, api_key, devices, revoke, roles, edit, avatar):
    users.add_command(command)


def main() -> None:
    """Run the command line; errors raised on purpose become one line and exit code 1."""
    try:
        # Else `python -m hydrophone` calls itself `__main__.py` in its help.
        cli(prog_name="hydrophone")
    except HydrophoneError as error:
        errors.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
