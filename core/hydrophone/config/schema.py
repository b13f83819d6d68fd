"""Every key of the configuration with its type, bounds, default and meaning.

Tables of many keys have modules of their own: cache.py, libraries.py, outbound.py,
transcoding.py. The descriptions are the text of docs/reference/configuration.md; a test holds both
together.
Times are in seconds unless the key's name says otherwise.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, field
from msgspec.structs import force_setattr, replace
from platformdirs import user_cache_path, user_data_path

from hydrophone.config.cache import CacheConfig
from hydrophone.config.libraries import LibraryConfig, PlaylistsConfig, ScanConfig
from hydrophone.config.outbound import OutboundConfig, PodcastsConfig
from hydrophone.config.plugins import ProvidersConfig
from hydrophone.config.search import SearchConfig
from hydrophone.config.transcoding import TranscodingConfig
from hydrophone.domain.user import LoginMechanism

APP_NAME = "hydrophone"
"""The name of our folders among the platform's data, cache and configuration folders."""


class Network(str):
    """An IP address (`127.0.0.1`) or a network (`10.0.0.0/8`, `fd00::/8`)."""

    __slots__ = ()


class LogLevel(StrEnum):
    """From which severity on a message is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"
    JSON = "json"


class ServerConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[server]`: where the server listens and keeps its data."""

    host: Annotated[
        str,
        Meta(
            min_length=1,
            description="Address to listen on. `0.0.0.0` is every IPv4 address of this machine, so "
            "that a phone at home finds it; `::` adds IPv6; `127.0.0.1` is this machine only, for "
            "use behind a proxy.",
        ),
    ] = "0.0.0.0"  # noqa: S104 - a music server is of no use if the phone cannot reach it
    port: Annotated[
        int, Meta(ge=0, le=65535, description="TCP port to listen on; 0 means any free one.")
    ] = 4040
    data_dir: Annotated[
        Path,
        Meta(
            description="Folder of the database and the key file. Empty means the platform's own: "
            "`~/.local/share/hydrophone` on Linux.",
        ),
    ] = Path()
    cache_dir: Annotated[
        Path,
        Meta(
            description="Folder of what can be made again: scaled covers, converted music. Empty "
            "means the folder `cache` in `data_dir` if that is set, else the platform's own: "
            "`~/.cache/hydrophone` on Linux.",
        ),
    ] = Path()
    base_path: Annotated[
        str,
        Meta(
            pattern=r"^(/[A-Za-z0-9._~-]+)*$",
            description="Path below which everything is served when a proxy gives the server only "
            "a part of a site, such as `/music`. Empty means the whole site.",
            extra={"expected": 'empty or a path such as "/music", without a slash at its end'},
        ),
    ] = ""
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s/?#\"<>]+(/[A-Za-z0-9._~-]+)*)?$",
            description="Address under which people reach the server, such as "
            "`https://music.example.com`, with `base_path` if there is one. It goes into the "
            "addresses of shares. Empty means the address that the app itself uses.",
            extra={"expected": 'empty or an address such as "https://music.example.com"'},
        ),
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Meta(
            description="Addresses and networks of proxies whose `X-Forwarded-For` and "
            "`X-Forwarded-Proto` headers are believed.",
        ),
    ] = (Network("127.0.0.1"), Network("::1"))

    def __post_init__(self) -> None:
        """Put the real folders in the place of empty ones."""
        if self.cache_dir == Path():
            chosen = self.data_dir != Path()
            force_setattr(
                self, "cache_dir", self.data_dir / "cache" if chosen else user_cache_path(APP_NAME)
            )
        if self.data_dir == Path():
            force_setattr(self, "data_dir", user_data_path(APP_NAME))


class AuthConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[auth]`: how users prove who they are."""

    mechanisms: Annotated[
        tuple[LoginMechanism, ...],
        Meta(
            min_length=1,
            description="Ways to log in: `password` (sent as it is), `token` (MD5 of password and "
            "salt, as most apps do), `api_key`. What is left out is refused.",
        ),
    ] = tuple(LoginMechanism)
    recoverable_passwords: Annotated[
        bool,
        Meta(
            description="Whether login passwords are kept in a form that the server can decrypt, "
            "so that apps with token login accept them. Off, such an app needs an app password "
            "or an API key, and the next start deletes what was kept.",
        ),
    ] = False


class BackupConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[backup]`: copies of all that cannot be made again, every night."""

    enabled: Annotated[
        bool, Meta(description="Whether the server makes a backup every night by itself.")
    ] = True
    time: Annotated[
        str,
        Meta(
            pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
            description="Time of day for it, by the machine's own clock and zone. If the machine "
            "is off then, the backup is made soon after the next start.",
            extra={"expected": 'a time of day such as "03:30"'},
        ),
    ] = "03:30"
    keep: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="Number of nightly backups that are kept; older ones are deleted. Backups "
            "made by hand or before a migration are not counted and never deleted.",
        ),
    ] = 14
    dir: Annotated[
        Path,
        Meta(
            description="Folder of the backups; better on another disk, and not shared with "
            "another server. Empty means the folder `backups` in `data_dir`.",
        ),
    ] = Path()


class SharingConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[sharing]`: addresses by which people without an account may listen."""

    enabled: Annotated[
        bool,
        Meta(
            description="Whether users with the role `share` may share music. Off, what was "
            "shared cannot be reached."
        ),
    ] = True
    downloads: Annotated[
        bool,
        Meta(
            description="Whether the pages of shares offer the files themselves, if the one who "
            "shares them may download."
        ),
    ] = False
    expire_days: Annotated[
        int,
        Meta(
            ge=0,
            le=36_500,
            description="Days until a share ends for which the app names no end; 0 means never.",
        ),
    ] = 365


class JukeboxConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[jukebox]`: music from loudspeakers at the server, controlled by apps."""

    enabled: Annotated[
        bool,
        Meta(
            description="Whether apps of users with the role `jukebox` may play music on this "
            "machine. Needs the program mpv."
        ),
    ] = False
    device: Annotated[
        str,
        Meta(
            description="Output, as `mpv --audio-device=help` names it, such as "
            "`alsa/default:CARD=Headphones`. Empty leaves the choice to mpv."
        ),
    ] = ""
    mpv: Annotated[
        str,
        Meta(
            description="Name or absolute path of the mpv program. Empty means `mpv` from the PATH."
        ),
    ] = ""


class LoggingConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[logging]`: what is written to standard error."""

    level: Annotated[
        LogLevel,
        Meta(description="Least severity that is written; `debug` includes every request."),
    ] = LogLevel.INFO
    format: Annotated[
        LogFormat, Meta(description="`text` for people, `json` (one object a line) for programs.")
    ] = LogFormat.TEXT
    slow_request_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=3_600_000,
            description="Milliseconds from which on a request is slow enough for a line of its "
            "own; 0 means that no request is.",
        ),
    ] = 1000
    plugin_calls: Annotated[
        bool,
        Meta(
            description="Whether each call of a plugin has a line, with its time and how it went."
        ),
    ] = False


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole configuration; `Config()` is what an empty file means."""

    server: ServerConfig = field(default_factory=ServerConfig)
    libraries: tuple[LibraryConfig, ...] = ()
    """In the order of the file, which is the order in which apps show them."""
    scan: ScanConfig = ScanConfig()
    playlists: PlaylistsConfig = PlaylistsConfig()
    auth: AuthConfig = AuthConfig()
    backup: BackupConfig = BackupConfig()
    transcoding: TranscodingConfig = TranscodingConfig()
    sharing: SharingConfig = SharingConfig()
    jukebox: JukeboxConfig = JukeboxConfig()
    podcasts: PodcastsConfig = PodcastsConfig()
    cache: CacheConfig = CacheConfig()
    outbound: OutboundConfig = OutboundConfig()
    logging: LoggingConfig = LoggingConfig()
    search: SearchConfig = SearchConfig()
    providers: ProvidersConfig = ProvidersConfig()
    plugins: dict[str, dict[str, Any]] = {}
    """The table of each plugin by its name, as it is written: only the plugin knows its keys."""

    def __post_init__(self) -> None:
        """Put the real folders of backups, podcasts and the cache in the place of empty ones."""
        if self.backup.dir == Path():
            folder = self.server.data_dir / "backups"
            force_setattr(self, "backup", replace(self.backup, dir=folder))
        if self.podcasts.folder == Path():
            folder = self.server.data_dir / "podcasts"
            force_setattr(self, "podcasts", replace(self.podcasts, folder=folder))
        if self.cache.folder == Path():
            folder = self.server.data_dir / "cached"
            force_setattr(self, "cache", replace(self.cache, folder=folder))
