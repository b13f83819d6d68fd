"""`hydrophone serve`: run the server and tell the person what to type into an app."""

import os
import shlex
import socket
import sys
from pathlib import Path

import click
import msgspec
from rich.markup import escape

from hydrophone.cli.console import (
    config_option,
    data_option,
    errors,
    load,
    music_option,
    output,
    used_file,
)
from hydrophone.config import Config, LibraryConfig
from hydrophone.domain.user import NewCredentials

_DEMO = "Demo"
_PASSWORD_FILE = "first-password.txt"  # noqa: S105 - a file's name


@click.command()
@config_option
@data_option
@music_option
@click.option("--host", help="Address to listen on [default: 0.0.0.0, every IPv4 address].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 = any [default: 4040].")
@click.option("--demo", is_flag=True, help="Also serve six short pieces made by Hydrophone itself.")
def serve(
    config_file: Path | None,
    data_dir: Path | None,
    music: tuple[Path, ...],
    host: str | None,
    port: int | None,
    *,
    demo: bool,
) -> None:
    """Serve music to Subsonic apps until Ctrl-C.

    The first start makes the account "admin" and shows its password once.

    \b
    Examples:
      hydrophone serve --music ~/Music
      hydrophone serve --demo --port 4041
      hydrophone serve -c /etc/hydrophone/config.toml
    """
    from hydrophone.server.logs import configure_logging
    from hydrophone.server.run import serve as run
    from hydrophone.server.wiring import Server

    config = load(config_file, data_dir, host=host, port=port, music=music)
    configure_logging(config.logging)
    if demo:
        config = _with_demo(config)
    if not config.libraries:
        errors.print(
            "[yellow]There is no library yet:[/] name a folder by --music or in the "
            "configuration, or try --demo."
        )

    def ready(server: Server, bound_port: int) -> None:
        _greet(config, bound_port, server.new_admin, _passwd_command(config_file, data_dir))

    run(config, config_file=used_file(config_file, data_dir), ready=ready)


def _with_demo(config: Config) -> Config:
    """Add the demo library, which is made at the first use."""
    from rich.progress import Progress

    from hydrophone.demo.library import ensure_demo_library
    from hydrophone.media.ffmpeg import find_ffmpeg
    from hydrophone.server.data_folder import make_data_dir

    folder = make_data_dir(config) / "demo"
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Playing the demo pieces in", total=None)
        ensure_demo_library(
            folder,
            ffmpeg=find_ffmpeg(config.transcoding.ffmpeg),
            progress=lambda done, total, _: progress.update(task, completed=done, total=total),
        )
    library = LibraryConfig(name=_DEMO, path=folder)
    return msgspec.structs.replace(config, libraries=(*config.libraries, library))


def _greet(config: Config, port: int, admin: NewCredentials | None, passwd: str) -> None:
    """Say where the server is and how to log in; secrets go to a terminal or a file only."""
    from rich.panel import Panel
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_row("Address", f"[bold]{escape(_address(config.server.host, port, config))}[/]")
    if admin is not None and sys.stdout.isatty():
        table.add_row("Name", f"[bold]{admin.user_name}[/]")
        table.add_row("Password", f"[bold]{admin.password}[/]   (shown only now)")
    elif admin is not None:
        table.add_row("Name", admin.user_name)
        table.add_row("Password", f"is in {escape(str(_write_password(config, admin)))}")
    else:
        table.add_row("Account", "as shown at the first start")
    table.add_row("New password", escape(passwd))
    table.add_row("Stop", "Ctrl-C")
    output.print(Panel(table, title="Hydrophone is running", expand=False))
    output.print("Type this into any Subsonic app: DSub, Symfonium, Ultrasonic, Feishin, ...")


def _write_password(config: Config, admin: NewCredentials) -> Path:
    """Keep the first password where only the server's own user can read it."""
    path = config.server.data_dir / _PASSWORD_FILE
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{admin.user_name}\n{admin.password}\n")
    return path


def _address(host: str, port: int, config: Config) -> str:
    """Return the address that a phone in the same network would use."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = _own_address()
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{config.server.base_path}"


def _own_address() -> str:
    """Return this machine's address in its network; choosing a route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 of RFC 5737
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _passwd_command(config_file: Path | None, data_dir: Path | None) -> str:
    """Return the command for a new password, as it would be typed here."""
    # A script of a virtual environment is typed with its path; `python -m` has another name.
    here = sys.argv[0].endswith("/hydrophone")
    words = [sys.argv[0] if here else "hydrophone", "users", "passwd", "admin"]
    if config_file is not None:
        words += ["-c", str(config_file)]
    if data_dir is not None:
        words += ["--data", str(data_dir)]
    program = Path(words[0])
    if program.is_absolute() and program.is_relative_to(Path.cwd()):
        words[0] = str(program.relative_to(Path.cwd()))
    return shlex.join(words)
