"""Where real servers run with the synthetic source, on data folders that outlive each of them."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hydrophone.testing import installed
from hydrophone.testing.loopback import loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import TARGET

_QUIET = "[scan]\nwatch = false\ninterval_minutes = 0\n"


@dataclass(frozen=True)
class SyntheticPlace:
    """A folder, and the service that all servers in it ask."""

    folder: Path
    service: SyntheticService

    def start(
        self,
        name: str,
        *,
        sources: Sequence[str] = ("synthetic",),
        music: Sequence[Path] = (),
        settings: str = "",
    ) -> AbstractContextManager[RunningServer]:
        """Start a server on a data folder of this name, which an earlier one may have left.

        Each of `sources` is an instance of the plugin.
        """
        table = {"plugin": "synthetic", "base_url": self.service.url}
        return running_plugin_server(
            self.folder / name,
            dict.fromkeys(sources, table),
            music=music,
            settings=_QUIET + settings,
            environment=installed.environment(self.folder / "site"),
        )


@contextlib.contextmanager
def synthetic_place(folder: Path, *, seconds: float = 1.0) -> Iterator[SyntheticPlace]:
    """Install the plugin in an empty folder and run the service; takes a second.

    `seconds` is how long each of its tracks is.
    """
    installed.install(folder / "site", "synthetic", TARGET)
    (folder / "audio").mkdir()
    with loopback() as upstream:
        yield SyntheticPlace(folder, SyntheticService(upstream, folder / "audio", seconds=seconds))
