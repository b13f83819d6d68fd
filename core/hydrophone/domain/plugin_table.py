"""A table `[plugins.<name>]` of the configuration, as it is written."""

from collections.abc import Mapping
from typing import Any


class PluginTable(dict[str, Any]):
    """Values by key, and for errors where each stands."""

    def __init__(
        self, values: Mapping[str, Any], *, location: str, locations: Mapping[str, str]
    ) -> None:
        """`location` is that of the table, `locations` are by key: `config.toml:7`."""
        super().__init__(values)
        self.location = location
        self.locations = dict(locations)

    def overlay(self, other: "PluginTable") -> None:
        """Lay the keys of another place over these."""
        self.update(other)
        self.locations.update(other.locations)
