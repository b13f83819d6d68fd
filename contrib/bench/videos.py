"""How long a player waits for a segment of a video, beside what ffmpeg alone needs for it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from contrib.bench.report import Row
from contrib.bench.serving import Client, path_of, serving, temporary_folder, token_login
from contrib.bench.transcoding import whole

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.video_segments import SegmentSpec, video_cutting
from hydrophone.testing.video_files import make_video

_TARGET = 1000.0
_ROUNDS = 5
_SECONDS = 60.0
_BIT_RATE = 2500
_CUTTING = video_cutting(Seconds(_SECONDS), 30.0)


def measure(_: int) -> Iterator[Row]:
    """Play a film of 720 lines, each time at a bit rate that is not kept yet."""
    with temporary_folder() as folder:
        film = make_video(
            folder / "music" / "film.mp4", seconds=_SECONDS, size="1280x720", rate="30"
        )
        with serving(folder / "data", folder / "music") as server:
            server.wait_for_scan()
            client = Client(server)
            video = client.get("getVideos").decode().partition('<video id="')[2].partition('"')[0]
            login = token_login(server.password, "c19b2d")
            waits: dict[str, list[float]] = {"the first": [], "a far": []}
            for bit_rate in range(_BIT_RATE, _BIT_RATE + _ROUNDS):
                wanted: dict[str, object] = {"id": video, "bitRate": f"{bit_rate}@1280x720"}
                began = perf_counter()
                path = path_of("hls.m3u8", login, wanted)
                playlist = client.get_path(path, headers={"Accept": "*/*"}).decode()
                addresses = [line for line in playlist.splitlines() if line[:1] not in ("", "#")]
                listed = (perf_counter() - began) * 1000
                waits["the first"].append(listed + whole(server.port, f"/rest/{addresses[0]}"))
                waits["a far"].append(whole(server.port, f"/rest/{addresses[-3]}"))
        for name, number in (("the first", 0), ("a far", _CUTTING.count - 3)):
            yield Row(
                name=f"all of {name} segment of a video of 720 lines, not kept yet",
                value=sorted(waits[name])[_ROUNDS // 2],
                unit="ms",
                target=_TARGET,
                bound=_bare(film, number),
                bound_name="ffmpeg alone",
            )


def _bare(film: Path, number: int) -> float:
    spec = SegmentSpec(
        cutting=_CUTTING,
        number=number,
        bit_rate=Kbps(_BIT_RATE),
        width=1280,
        height=720,
        audio_track=0,
    )
    argv = [str(find_ffmpeg()), *spec.arguments(film)]
    waits = []
    for _ in range(_ROUNDS):
        began = perf_counter()
        subprocess.run(argv, capture_output=True, check=True, timeout=60)
        waits.append((perf_counter() - began) * 1000)
    return sorted(waits)[_ROUNDS // 2]
