"""How each plugin stands, for admins."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import Timestamp
from hydrophone.plugin.manifest import Permission


class PluginState(StrEnum):
    """Where a plugin is on its way to work."""

    DISABLED = "disabled"
    """Installed, and no table of the configuration names it; its code has not been imported."""
    MISSING = "missing"
    """A table names it, and it is not installed."""
    LOAD_ERROR = "load_error"
    """Its code cannot be imported, or what was imported is no plugin."""
    INCOMPATIBLE = "incompatible"
    """It was written for another version of the plugin API."""
    CONFIG_ERROR = "config_error"
    """Its table cannot be used."""
    STARTING = "starting"
    START_ERROR = "start_error"
    """It could not start; it is tried again by itself."""
    RUNNING = "running"
    STOPPED = "stopped"


class CapabilityStatus(Struct, frozen=True, kw_only=True):
    """How one capability of an instance does."""

    capability: str
    """`source`, `lyrics_provider`, ..."""
    calls: int
    faults: int
    last_error: str
    """Of the last fault; empty if there was none."""
    last_error_at: Timestamp | None
    is_suspended: bool
    """The breaker of some of its calls is open: they are not made at present."""
    suspended_for: float
    """Seconds until the last of them is made again."""
    suspended_calls: tuple[str, ...] = ()
    """Which these are: `search`, `album`, ..."""


class PluginStatus(Struct, frozen=True, kw_only=True):
    """How one instance of a plugin stands."""

    instance: str
    """The name of its table; of a plugin without one its own name."""
    plugin: str
    version: str
    """Empty if it is not known without importing it."""
    summary: str
    state: PluginState
    error: str
    """Why it does not run: one sentence; empty if it does, or nobody wants it to."""
    capabilities: tuple[CapabilityStatus, ...]
    permissions: tuple[Permission, ...]
