"""Playlists as files, from the command line to an app."""

import json
from pathlib import Path

import pytest
from tests.e2e.commands import run

from hydrophone.testing.audio_files import make_audio


@pytest.mark.slow
def test_import_list_and_export(tmp_path: Path) -> None:
    music, data = tmp_path / "music", tmp_path / "data"
    data.mkdir()
    (data / "config.toml").write_text(f'[[libraries]]\nname = "Music"\npath = "{music}"\n')
    song = make_audio(music / "Anna" / "Album" / "Süß.mp3", tags={"title": "Sweet", "artist": "A"})
    assert run("users", "add", "anna", "--data", data).returncode == 0
    assert run("scan", "--data", data).returncode == 0
    listed = tmp_path / "Evening.m3u"
    listed.write_bytes("music\\Anna\\Album\\Süß.mp3\r\nnothing.mp3\r\n".encode("cp1252"))
    smart = tmp_path / "smart.nsp"
    smart.write_text('{"name": "Sweets", "all": [{"contains": {"title": "swe"}}]}')

    made = run("playlists", "import", listed, "--user", "Anna", "--data", data, "--json")
    assert json.loads(made.stdout)["left_out"] == 1, made.stderr
    made = run("playlists", "import", smart, "--user", "anna", "--data", data)
    assert "with 1 tracks" in made.stderr
    shown = run("playlists", "list", "--user", "anna", "--data", data)
    assert "Evening" in shown.stdout
    assert "smart" in shown.stdout
    exported = tmp_path / "out"
    export = run("playlists", "export", "--user", "anna", "--to", exported, "--data", data)
    assert export.returncode == 0, export.stderr
    assert (exported / "Evening.m3u8").read_text().splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Evening",
        "#EXTINF:1,A - Sweet",
        str(song),
    ]
    assert json.loads((exported / "Sweets.nsp").read_text())["all"] == [
        {"contains": {"title": "swe"}}
    ]

    smart.write_text('{"all": [{"contains": {"titel": "swe"}}]}')
    wrong = run("playlists", "import", smart, "--user", "anna", "--data", data)
    assert wrong.returncode == 1
    assert "'titel' is no field (is 'title' meant?)" in wrong.stderr
    nobody = run("playlists", "list", "--user", "nobody", "--data", data)
    assert nobody.returncode == 1
    assert "There is no user 'nobody'" in nobody.stderr
