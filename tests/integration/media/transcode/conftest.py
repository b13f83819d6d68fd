"""Ten seconds that can be told apart."""

from pathlib import Path

import pytest
from tests.integration.media.transcode.converting import SAMPLES, ffmpeg


@pytest.fixture(scope="session")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of which no two parts are equal."""
    path = tmp_path_factory.mktemp("music") / "noise.flac"
    noise = f"anoisesrc=d=10:a=0.2:seed=1:r={SAMPLES}"
    ffmpeg("-f", "lavfi", "-i", noise, "-sample_fmt", "s16", str(path))
    return path
