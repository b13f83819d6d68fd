"""Which links of what lies beside music stay within its library."""

from pathlib import Path

import pytest

from hydrophone.scanner.sidecar_links import leads_out


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("music/A", "music/B", "music/.data", "data/music", "disk/album/CD"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "music/disk").symlink_to(tmp_path / "disk/album")
    (tmp_path / "music/data").symlink_to(tmp_path / "data")
    (tmp_path / "roundabout").symlink_to(tmp_path / "music")
    return tmp_path


@pytest.mark.parametrize(
    ("root", "path", "target", "out"),
    [
        ("music", "A/s.lrc", "music/B/s.lrc", False),
        ("roundabout", "A/s.lrc", "music/B/s.lrc", False),
        ("music", "s.lrc", "music/B/s.lrc", False),
        ("music", "A/s.lrc", "disk/s.lrc", True),
        ("music", "A/s.lrc", "disk/album/s.lrc", True),
        ("music", "disk/CD/s.lrc", "disk/album/s.lrc", False),
        ("music", "disk/CD/s.lrc", "disk/s.lrc", True),
        ("music", "disk/CD/s.lrc", "music/A/s.lrc", False),
        ("music", "A/s.lrc", "data/s.lrc", True),
        ("music", "A/s.lrc", "nowhere/s.lrc", True),
    ],
)
def test_links(place: Path, root: str, path: str, target: str, out: bool) -> None:
    (place / root / path).symlink_to(place / target)
    assert leads_out(str(place / root), path, str(place / "data")) is out


def test_what_is_no_link_is_inside_but_in_the_servers_own_folder(place: Path) -> None:
    own = str(place / "data")
    assert not leads_out(str(place / "music"), "A/s.lrc", own)
    assert not leads_out(str(place / "music"), "disk/s.lrc", own)
    assert leads_out(str(place / "music"), "data/s.lrc", own)


def test_a_library_in_the_servers_folder_or_around_it(place: Path) -> None:
    inner = place / "data/music"
    assert not leads_out(str(inner), "s.lrc", str(place / "data"))
    (inner / "t.txt").symlink_to("../first-password.txt")
    assert leads_out(str(inner), "t.txt", str(place / "data"))
    (place / "music/A/t.txt").symlink_to("../.data/first-password.txt")
    assert leads_out(str(place / "music"), "A/t.txt", str(place / "music/.data"))
    assert leads_out(str(place / "music"), "A/t.txt", str(place / "music"))
