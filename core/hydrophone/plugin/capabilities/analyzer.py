"""Listens to tracks: features and tags."""

from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.domain.analysis import Analysis
from hydrophone.domain.music import Track


class AnalysisRequest(Struct, frozen=True, kw_only=True):
    """A track of ours with its file."""

    track: Track
    file: Path


@runtime_checkable
class Analyzer(Protocol):
    """Computes features of tracks; called by jobs, once for each track and version."""

    @property
    def version(self) -> str:
        """When this changes, everything is analyzed anew."""
        ...

    async def analyze(self, request: AnalysisRequest) -> Analysis | None:
        """Return what was heard; `None` if the file says nothing to it."""
        ...
