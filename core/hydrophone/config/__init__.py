"""The configuration: what can be set, and how it is read from file, environment and options."""

from hydrophone.config.cache import CacheConfig
from hydrophone.config.layers import Overrides
from hydrophone.config.libraries import LibraryConfig, PlaylistsConfig, ScanConfig
from hydrophone.config.loader import find_config_file, load_config
from hydrophone.config.outbound import (
    HostAndPort,
    OutboundConfig,
    PodcastDownload,
    PodcastsConfig,
)
from hydrophone.config.schema import (
    AuthConfig,
    BackupConfig,
    Config,
    JukeboxConfig,
    LogFormat,
    LoggingConfig,
    LogLevel,
    ServerConfig,
    SharingConfig,
)
from hydrophone.config.search import SearchConfig
from hydrophone.config.transcoding import (
    ReplayGainMode,
    RuleFormat,
    TranscodeFormat,
    TranscodingConfig,
    TranscodingRule,
)

__all__ = [
    "AuthConfig",
    "BackupConfig",
    "CacheConfig",
    "Config",
    "HostAndPort",
    "JukeboxConfig",
    "LibraryConfig",
    "LogFormat",
    "LogLevel",
    "LoggingConfig",
    "OutboundConfig",
    "Overrides",
    "PlaylistsConfig",
    "PodcastDownload",
    "PodcastsConfig",
    "ReplayGainMode",
    "RuleFormat",
    "ScanConfig",
    "SearchConfig",
    "ServerConfig",
    "SharingConfig",
    "TranscodeFormat",
    "TranscodingConfig",
    "TranscodingRule",
    "find_config_file",
    "load_config",
]
