"""Where the command line writes to, and options that commands share."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from click.core import ParameterSource
from rich.console import Console
from rich.markup import escape

from hydrophone.config import Config, Overrides, find_config_file, load_config
from hydrophone.domain.units import Timestamp

output = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Command = TypeVar("Command", bound=Callable[..., object])

config_option = click.option(
    "-c",
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file [default: config.toml in the data folder, in "
    "~/.config/hydrophone or in /etc/hydrophone].",
)
data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the database and of config.toml [default: ~/.local/share/hydrophone].",
)
music_option = click.option(
    "--music",
    "music",
    type=click.Path(file_okay=False, path_type=Path),
    multiple=True,
    help="A folder of music, in place of the libraries of the configuration; repeatable.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")


def load(
    config_file: Path | None,
    data_dir: Path | None,
    *,
    host: str | None = None,
    port: int | None = None,
    music: tuple[Path, ...] = (),
) -> Config:
    """Load the configuration with the command line's own values on top."""
    return load_config(
        config_file,
        environ=os.environ,
        overrides=Overrides(data_dir=data_dir, host=host, port=port, music=music),
    )


def printable(text: str) -> str:
    """Return text that a terminal only shows: no markup, and no control codes of file names."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return escape(text)


def date_of(timestamp: Timestamp) -> str:
    """Return the day of a moment in UTC."""
    return datetime.fromtimestamp(timestamp / 1000, UTC).strftime("%Y-%m-%d")


def used_file(config_file: Path | None, data_dir: Path | None) -> Path | None:
    """Return the configuration file that `load` reads with these options, if any."""
    return find_config_file(config_file, environ=os.environ, data_dir=data_dir)


def refuse_options(context: click.Context) -> None:
    """Refuse what stands before the name of another command: it would be of no effect."""
    for name in context.params:
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"Options come behind {context.invoked_subcommand!r}.")
