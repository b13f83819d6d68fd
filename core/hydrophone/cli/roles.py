"""`hydrophone users roles` and `edit`: what a user may do, and what else is said of him."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import click

from hydrophone.cli.console import (
    Command,
    config_option,
    data_option,
    errors,
    json_option,
    load,
    output,
)
from hydrophone.domain.library import Library
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import AccountChanges, Roles, User


def _word(field: str) -> str:
    """Return Subsonic's word for a role: `coverArt`."""
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))


_FIELDS = {_word(field).lower(): field for field in Roles.__struct_fields__}
_WORDS = ", ".join(map(_word, Roles.__struct_fields__))


def read_roles(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """Read roles in Subsonic's words, separated by commas; `cover-art` and `coverArtRole` will do.

    Returns the names of fields of `Roles`.
    """
    fields = set()
    for word in filter(None, map(str.strip, ",".join(values).split(","))):
        plain = word.lower().replace("-", "").replace("_", "").removesuffix("role")
        if plain not in _FIELDS:
            message = f"There is no role {word!r}; there are {_WORDS}."
            raise click.BadParameter(message, ctx=context, param=option)
        fields.add(_FIELDS[plain])
    return frozenset(fields)


def roles_option(name: str, explanation: str) -> Callable[[Command], Command]:
    """Make an option that takes roles and may be given several times."""
    return click.option(name, metavar="ROLES", multiple=True, callback=read_roles, help=explanation)


email_option = click.option("--email", help="Mail address; apps may show it.")
max_bit_rate_option = click.option(
    "--max-bit-rate",
    type=click.IntRange(0, 10_000),
    help="Most kbit/s that streams get; 0 = no limit.",
)


@click.command()
@click.argument("name")
@roles_option("--grant", "Roles that the user gets; repeatable.")
@roles_option("--revoke", "Roles that the user loses; repeatable.")
@config_option
@data_option
@json_option
def roles(
    name: str,
    grant: frozenset[str],
    revoke: frozenset[str],
    config_file: Path | None,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show what a user may do, after changing it if asked to.

    Roles are separated by commas: admin, settings, stream, jukebox, download, upload, playlist,
    coverArt, comment, podcast, share, videoConversion. The last admin stays one.

    \b
    Examples:
      hydrophone users roles anna
      hydrophone users roles anna --grant share,podcast --revoke download
    """
    import msgspec

    changes = AccountChanges(grant=grant, revoke=revoke)
    user = asyncio.run(_change(name, changes, config_file, data_dir))
    if as_json:
        click.echo(msgspec.json.encode(user.roles))
        return
    for field in Roles.__struct_fields__:
        has = getattr(user.roles, field)
        output.print(f"[green]yes[/]  {_word(field)}" if has else f"[dim]no   {_word(field)}[/]")


@click.command()
@click.argument("name")
@email_option
@max_bit_rate_option
@click.option("--library", "names", metavar="LIBRARY", multiple=True,
              help="The only libraries and sources that the user sees; repeatable.")  # fmt: skip
@click.option("--all-libraries", is_flag=True, help="All libraries again.")
@config_option
@data_option
def edit(
    name: str,
    email: str | None,
    max_bit_rate: Kbps | None,
    names: tuple[str, ...],
    *,
    all_libraries: bool,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Change a user's mail address, the most that streams get, or the libraries.

    Sources that ever ran are libraries too, by their title or the name of their table. A library
    whose users the configuration names is shown to these only, whatever is said here.

    \b
    Examples:
      hydrophone users edit anna --max-bit-rate 192
      hydrophone users edit anna --email anna@example.org
      hydrophone users edit anna --library Children --library Audiobooks
      hydrophone users edit anna --all-libraries
    """
    if names and all_libraries:
        raise click.UsageError("Name either --library or --all-libraries.")
    if email is None and max_bit_rate is None and not names and not all_libraries:
        raise click.UsageError(
            "Name what to change: --email, --max-bit-rate, --library or --all-libraries."
        )
    chosen = None if all_libraries else names
    user, libraries = asyncio.run(_edit(name, email, max_bit_rate, chosen, config_file, data_dir))
    limit = f"{user.max_bit_rate} kbit/s" if user.max_bit_rate else "none"
    seen = ", ".join(one.name for one in libraries if one.id in user.libraries)
    errors.print(
        f"Mail address: {user.email or 'none'}. Limit of the bit rate: {limit}. "
        f"Libraries: {seen or 'none'}.",
        markup=False,
    )


async def _edit(
    name: str,
    email: str | None,
    max_bit_rate: Kbps | None,
    names: tuple[str, ...] | None,
    config_file: Path | None,
    data_dir: Path | None,
) -> tuple[User, tuple[Library, ...]]:
    """Change an account; `names` are of libraries, `None` for all, empty for no change."""
    from hydrophone.server.commands import open_people

    async with open_people(load(config_file, data_dir)) as people:
        known = {library.name: library.id for library in people.libraries}
        ids = {one.source: one.id for one in people.libraries if one.source} | known
        for unknown in set(names or ()) - set(ids):
            others = f"there are {', '.join(known)}" if known else "there is none at all"
            raise click.UsageError(f"There is no library {unknown!r}; {others}.")
        chosen = tuple(known.values()) if names is None else tuple(ids[one] for one in names)
        changes = AccountChanges(
            email=email, max_bit_rate=max_bit_rate, libraries=None if names == () else chosen
        )
        return await people.accounts.change(name, changes), people.libraries


async def _change(
    name: str, changes: AccountChanges, config_file: Path | None, data_dir: Path | None
) -> User:
    from hydrophone.server.commands import open_people

    async with open_people(load(config_file, data_dir)) as people:
        return await people.accounts.change(name, changes)
