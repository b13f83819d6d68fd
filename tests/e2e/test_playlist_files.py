"""Playlists as files, from the command line to an app."""

import json
from pathlib import Path

from tests.e2e.commands import run

from hydrophone.testing.audio_files import make_audio


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
    assert "with 1 track at this moment." in made.stderr
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


def test_the_folders_of_a_server_without_a_configuration_are_known(tmp_path: Path) -> None:
    """As of one that was started with `--music`."""
    music, data = tmp_path / "music", tmp_path / "data"
    make_audio(music / "a.mp3", tags={"title": "Sweet"})
    make_audio(music / "b.mp3", frequency=500, tags={"title": "Sweets"})
    run("users", "add", "anna", "--data", data, code=0)
    run("scan", "--music", music, "--data", data, code=0)
    smart, listed = tmp_path / "smart.nsp", music / "list.m3u"
    smart.write_text('{"name": "Sweets", "all": [{"contains": {"title": "swe"}}]}')
    listed.write_text("b.mp3\n")
    for file, told in ((smart, "with 2 tracks at this moment."), (listed, "with 1 track.")):
        made = run("playlists", "import", file, "--user", "anna", "--data", data, code=0)
        assert told in made.stderr
    shown = run("playlists", "list", "--user", "anna", "--data", data, "--json", code=0)
    assert {one["name"]: one["track_count"] for one in json.loads(shown.stdout)}["Sweets"] == 2
