"""The configuration: what can be set, and how it is read from file, environment and options."""

from hydrophone.config.layers import Overrides
from hydrophone.config.loader import find_config_file, load_config
from hydrophone.config.schema import (
    AuthConfig,
    BackupConfig,
    Config,
    LibraryConfig,
    LogFormat,
    LoggingConfig,
    LogLevel,
    ScanConfig,
    ServerConfig,
    TranscodeFormat,
    TranscodingConfig,
)

__all__ = [
    "AuthConfig",
    "BackupConfig",
    "Config",
    "LibraryConfig",
    "LogFormat",
    "LogLevel",
    "LoggingConfig",
    "Overrides",
    "ScanConfig",
    "ServerConfig",
    "TranscodeFormat",
    "TranscodingConfig",
    "find_config_file",
    "load_config",
]
