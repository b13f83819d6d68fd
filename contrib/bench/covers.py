"""Covers: one that is in the cache already, and one that has to be scaled."""

import shutil
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from contrib.bench.processes import children, cost, cpu_seconds
from contrib.bench.report import Row
from contrib.bench.serving import Client, path_of, serving, temporary_folder, token_login
from PIL import Image

from hydrophone.testing.audio_files import make_audio

_SIDE = 1500
_SIZE = 300
_CACHED_TARGET_MS = 1.0
_NEW_TARGET_MS = 15.0


def measure(_: int) -> Iterator[Row]:
    """Ask for a cover again and again, out of the cache and with the cache emptied before."""
    with temporary_folder() as folder:
        make_audio(folder / "music" / "Artist" / "Album" / "song.mp3")
        picture = folder / "music" / "Artist" / "Album" / "cover.jpg"
        _photograph().save(picture, "JPEG", quality=85)
        with serving(folder / "data", folder / "music") as server:
            server.wait_for_scan()
            client = Client(server)
            song = client.get("search3", query="", songCount=1, albumCount=0, artistCount=0)
            cover = song.decode().partition('coverArt="')[2].partition('"')[0]
            login = token_login(server.password, "c19b2d")

            def get(size: int) -> bytes:
                path = path_of("getCoverArt", login, {"id": cover, "size": size})
                return client.get_path(path, headers={"Accept": "image/*"})

            def clock() -> float:
                return sum(map(cpu_seconds, (server.pid, *children(server.pid))))

            if Image.open(BytesIO(get(_SIZE))).size != (_SIZE, _SIZE):
                raise RuntimeError("The cover is not as large as was asked for.")
            yield Row(
                name=f"cover of {_SIZE} px, cached",
                value=cost(lambda: get(_SIZE), clock) * 1e3,
                unit="ms CPU",
                target=_CACHED_TARGET_MS,
            )

            def get_new() -> bytes:
                shutil.rmtree(folder / "data" / "cache" / "covers")
                return get(_SIZE)

            yield Row(
                name=f"cover of {_SIZE} px from {_SIDE} px, new",
                value=cost(get_new, clock) * 1e3,
                unit="ms CPU",
                target=_NEW_TARGET_MS,
                bound=cost(lambda: _scaled(picture), time.process_time) * 1e3,
                bound_name="bare Pillow",
            )


def _photograph() -> Image.Image:
    """Draw something that compresses like a cover: neither flat nor noise."""
    fractal = Image.effect_mandelbrot((_SIDE, _SIDE), (-2.0, -1.5, 1.0, 1.5), 100)
    noise = Image.effect_noise((_SIDE // 4, _SIDE // 4), 30).resize((_SIDE, _SIDE))
    return Image.merge("RGB", (fractal, noise, Image.linear_gradient("L").resize((_SIDE, _SIDE))))


def _scaled(picture: Path) -> bytes:
    output = BytesIO()
    with Image.open(picture) as image:
        image.thumbnail((_SIZE, _SIZE))
        image.save(output, "JPEG", quality=85)
    return output.getvalue()
