"""`hydrophone users app-password, api-key, devices, revoke`: one secret for each device."""

import asyncio
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
from hydrophone.domain.device import Device, NewDevice, SecretKind

_WORDS = {SecretKind.APP_PASSWORD: "app password", SecretKind.API_KEY: "API key"}
device_option = click.option(
    "--device", required=True, help='What you call the device, such as "Pixel".'
)


@click.command("app-password")
@click.argument("name")
@device_option
@config_option
@data_option
@json_option
def app_password(
    name: str, device: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make an app password for a device and show it once.

    Type it into the app in the place of the login password; it works with token login too.

    \b
    Example:
      hydrophone users app-password anna --device "Pixel"
    """

    async def run() -> NewDevice:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            return await people.devices.add_app_password(name, device)

    _show(asyncio.run(run()), as_json=as_json)


@click.command("api-key")
@click.argument("name")
@device_option
@config_option
@data_option
@json_option
def api_key(
    name: str, device: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make an API key for a device and show it once.

    For apps and scripts that ask for a key alone, without a user's name.

    \b
    Example:
      hydrophone users api-key anna --device "backup script"
    """

    async def run() -> NewDevice:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            return await people.devices.add_api_key(name, device)

    _show(asyncio.run(run()), as_json=as_json)


@click.command()
@click.argument("name")
@config_option
@data_option
@json_option
def devices(name: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """List a user's app passwords and API keys, and when they were last used.

    "login" is the password that came with the account, "beside login" the app password that was
    made for a login password of the user's own. Days are those of UTC.

    \b
    Example:
      hydrophone users devices anna
    """
    import msgspec
    from rich.markup import escape
    from rich.table import Table

    async def run() -> tuple[Device, ...]:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            return await people.devices.of_user(name)

    found = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("Device", "Kind", "Made", "Last used", "")
    for one in found:
        table.add_row(
            escape(one.name),
            _WORDS[one.kind],
            date_of(one.created),
            date_of(one.last_used) if one.last_used is not None else "never",
            "[yellow]lost with the key file[/]" if one.is_lost else "",
        )
    output.print(table)


@click.command()
@click.argument("name")
@device_option
@click.option(
    "--kind",
    type=click.Choice(["app-password", "api-key"]),
    metavar="KIND",
    help="Revoke only its app-password or its api-key; without it, both.",
)
@config_option
@data_option
def revoke(
    name: str, device: str, kind: str | None, config_file: Path | None, data_dir: Path | None
) -> None:
    """Take a device's app password and API key back; they stop working at once.

    \b
    Examples:
      hydrophone users revoke anna --device "Pixel"
      hydrophone users revoke anna --device "Pixel" --kind api-key
    """

    async def run() -> tuple[Device, ...]:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            return await people.devices.revoke(name, device, wanted)

    from rich.markup import escape

    wanted = SecretKind(kind.replace("-", "_")) if kind else None
    for one in asyncio.run(run()):
        errors.print(f"Revoked the {_WORDS[one.kind]} of {escape(one.name)}.")


def _show(made: NewDevice, *, as_json: bool) -> None:
    import msgspec
    from rich.markup import escape

    if as_json:
        click.echo(msgspec.json.encode(made))
        return
    is_key = made.kind is SecretKind.API_KEY
    output.print(f"Device:       [bold]{escape(made.device)}[/]")
    if not is_key:
        output.print(f"Name:         [bold]{escape(made.user_name)}[/]")
    # Never wrapped: a key that is cut in two cannot be copied.
    title = "API key:      " if is_key else "App password: "
    output.print(f"{title}[bold]{escape(made.secret)}[/]", soft_wrap=True)
    output.print("It is shown only now.")
