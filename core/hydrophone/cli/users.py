"""`hydrophone users`: accounts, before or while the server runs."""

import asyncio
import sys
from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    date_of,
    errors,
    json_option,
    load,
    output,
)
from hydrophone.cli.roles import email_option, max_bit_rate_option, roles_option
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import AccountChanges, NewCredentials

password_stdin_option = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the login password from standard input (one line) instead of making a random one.",
)


@click.group()
def users() -> None:
    """Manage accounts; works while the server runs, too."""


@users.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="May do everything.")
@roles_option("--role", "Roles beside the usual ones; repeatable.")
@roles_option("--no-role", "Usual roles to leave out; repeatable.")
@email_option
@max_bit_rate_option
@password_stdin_option
@config_option
@data_option
@json_option
def add(
    name: str,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    admin: bool,
    role: frozenset[str],
    no_role: frozenset[str],
    email: str | None,
    max_bit_rate: Kbps | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make an account and show its password once.

    The password is random, so it works in every app, with token login too. With
    --password-stdin the account gets the login password that you choose, and an app password is
    shown for apps with token login (none with `recoverable_passwords`: yours then works there too).

    \b
    Examples:
      hydrophone users add anna
      hydrophone users add child --no-role download,share --max-bit-rate 192
      echo "$PASSWORD" | hydrophone users add bob --admin --password-stdin
    """

    async def run() -> NewCredentials:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir), make=True) as people:
            return await people.accounts.add(name, password=password, admin=admin, changes=changes)

    changes = AccountChanges(grant=role, revoke=no_role, email=email, max_bit_rate=max_bit_rate)
    password = _read_password() if password_stdin else None
    _show(asyncio.run(run()), as_json=as_json)


@users.command()
@click.argument("name")
@password_stdin_option
@config_option
@data_option
@json_option
def passwd(
    name: str,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Give a user a new password and show it once; the old one stops working.

    \b
    Examples:
      hydrophone users passwd admin
      echo "$PASSWORD" | hydrophone users passwd anna --password-stdin
    """

    async def run() -> NewCredentials:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            return await people.accounts.set_password(name, password)

    password = _read_password() if password_stdin else None
    _show(asyncio.run(run()), as_json=as_json)


@users.command("list")
@config_option
@data_option
@json_option
def list_users(config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """List all accounts, and which libraries and sources each sees.

    \b
    Examples:
      hydrophone users list
      hydrophone users list --json
    """
    import msgspec
    from rich.markup import escape
    from rich.table import Table

    from hydrophone.domain.device import LostDevice
    from hydrophone.domain.library import Library
    from hydrophone.domain.user import User

    async def run() -> tuple[tuple[User, ...], tuple[Library, ...], tuple[LostDevice, ...]]:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            everybody = await people.accounts.everybody()
            return everybody, people.libraries, await people.devices.lost()

    found, libraries, lost = asyncio.run(run())
    for one in lost:
        errors.print(
            f"[yellow]Works no more, as the key file has changed:[/] app password "
            f"{escape(repr(one.name))} of {escape(one.user_name)}.",
            soft_wrap=True,
        )
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("Name", "Admin", "Libraries", "Since")
    for user in found:
        admin = "yes" if user.roles.admin else ""
        seen = [one.name for one in libraries if one.id in user.libraries]
        chosen = "all" if len(seen) == len(libraries) else ", ".join(seen) or "none"
        table.add_row(escape(user.name), admin, escape(chosen), date_of(user.created))
    output.print(table)


@users.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@data_option
def remove(name: str, config_file: Path | None, data_dir: Path | None, *, yes: bool) -> None:
    """Delete an account with its playlists, stars and history.

    \b
    Example:
      hydrophone users remove anna --yes
    """
    if not yes:
        click.confirm(f"Delete {name} with all playlists, stars and history?", abort=True, err=True)

    async def run() -> None:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            await people.accounts.remove(name)

    asyncio.run(run())
    errors.print(f"Removed {name}.")


def _read_password() -> str:
    """Read the first line of standard input, without its end."""
    return sys.stdin.readline().rstrip("\r\n")


def _show(made: NewCredentials, *, as_json: bool) -> None:
    import msgspec
    from rich.markup import escape

    if as_json:
        click.echo(msgspec.json.encode(made))
        return
    output.print(f"Name:         [bold]{escape(made.user_name)}[/]")
    if made.password:
        output.print(f"Password:     [bold]{escape(made.password)}[/]   (for login and every app)")
    elif made.app_password:
        output.print(f"App password: [bold]{escape(made.app_password)}[/]")
        output.print("Type the app password into apps; your own one is for apps without tokens.")
    else:
        output.print("The password that you chose is for login and every app.")
        return
    output.print("It is shown only now.")
