"""What a person or a script gets from the command line."""

import json
import socket
from pathlib import Path

import pytest
from tests.e2e.commands import run

from hydrophone.testing.audio_files import make_audio


def test_a_scan_lists_what_it_could_not_read(tmp_path: Path) -> None:
    music = tmp_path / "music"
    make_audio(music / "Anna" / "Album" / "good.mp3", tags={"title": "Good"})
    (music / "bad [1].mp3").write_text("no music")
    (music / "empty.flac").touch()
    scan = run("scan", "--data", tmp_path / "data", "--music", music)
    assert scan.returncode == 3
    assert "1 new" in scan.stdout
    assert "bad [1].mp3" in scan.stdout
    assert "empty.flac" in scan.stdout

    again = run("scan", "--data", tmp_path / "data", "--music", music, "--json")
    summary = json.loads(again.stdout)
    assert (summary["found"], summary["added"], summary["unchanged"]) == (3, 0, 3)
    assert sorted(p["path"] for p in summary["problems"]) == ["bad [1].mp3", "empty.flac"]
    assert again.returncode == 3

    (music / "bad [1].mp3").unlink()
    (music / "empty.flac").unlink()
    assert run("scan", "--data", tmp_path / "data", "--music", music).returncode == 0


def test_a_library_that_is_gone_is_a_problem_and_loses_nothing(tmp_path: Path) -> None:
    music = tmp_path / "music"
    make_audio(music / "song.mp3")
    assert run("scan", "--data", tmp_path / "data", "--music", music).returncode == 0
    music.rename(tmp_path / "unmounted")
    gone = run("scan", "--data", tmp_path / "data", "--music", music, "--json")
    assert gone.returncode == 3
    (problem,) = json.loads(gone.stdout)["problems"]
    assert "Nothing was changed" in problem["reason"]
    (tmp_path / "unmounted").rename(music)
    back = json.loads(run("scan", "--data", tmp_path / "data", "--music", music, "--json").stdout)
    assert (back["unchanged"], back["added"], back["problem_count"]) == (1, 0, 0)


def test_a_paused_library_is_shown_until_its_folder_is_accepted(tmp_path: Path) -> None:
    music = tmp_path / "My music"
    make_audio(music / "song.mp3")
    where = ("--data", tmp_path / "data", "--music", music)
    assert run("users", "add", "anna", "--data", tmp_path / "data").returncode == 0
    assert "last looked at: never" in run("scan", "--status", *where).stdout
    assert run("scan", *where).returncode == 0
    (music / "song.mp3").unlink()
    assert run("scan", *where).returncode == 3
    paused = run("scan", "--status", *where)
    assert (paused.returncode, "My music: paused" in paused.stdout) == (3, True)
    assert "--accept-root 'My music'" in paused.stdout
    assert run("scan", "--accept-root", "Mine", *where).returncode == 2
    accepted = run("scan", "--accept-root", "My music", "--json", *where)
    assert (accepted.returncode, json.loads(accepted.stdout)["missing"]) == (0, 1)
    status = run("scan", "--status", "--json", *where)
    [library] = json.loads(status.stdout)
    assert (status.returncode, library["problem"], library["name"]) == (0, "", "My music")


def test_a_wrong_configuration_stops_the_start_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server]\nprot = 4041\n")
    for words in (("serve",), ("config", "check"), ("scan",), ("users", "list")):
        stopped = run(*words, "--data", tmp_path)
        assert stopped.returncode == 1
        assert "config.toml:2: server.prot" in stopped.stderr
        assert "did you mean server.port?" in stopped.stderr
        assert "Traceback" not in stopped.stderr
    assert not (tmp_path / "hydrophone.db").exists()


def test_config_check_says_what_is_used(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[server]\nport = 4099\n[[libraries]]\nname = "Mine"\npath = "music"\n'
        '[plugins.tidal]\ntoken = "s3cret"\n'
    )
    checked = run("config", "check", "--data", tmp_path)
    assert checked.returncode == 0
    assert "config.toml" in checked.stdout
    assert "Mine" in checked.stdout
    as_json = run(
        "config",
        "check",
        "--data",
        tmp_path,
        "--json",
        environment={"HYDROPHONE_SERVER__PORT": "4100"},
    )
    config = json.loads(as_json.stdout)
    assert config["server"]["port"] == 4100
    assert config["libraries"][0]["path"] == str(tmp_path / "music")
    assert config["plugins"] == {"tidal": {"token": "***"}}


def test_a_taken_port_and_a_bad_data_folder_are_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stopped = run("serve", "--data", tmp_path, "--host", "127.0.0.1", "--port", port)
    assert stopped.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in stopped.stderr
    (tmp_path / "file").touch()
    stopped = run("users", "add", "anna", "--data", tmp_path / "file" / "data")
    assert stopped.returncode == 1
    assert "cannot be made" in stopped.stderr


def test_a_scan_without_a_library_is_wrong_usage(tmp_path: Path) -> None:
    stopped = run("scan", "--data", tmp_path)
    assert stopped.returncode == 2
    assert "--music" in stopped.stderr


def test_help_needs_nothing_and_has_examples() -> None:
    for words in (
        (),
        ("serve",),
        ("scan",),
        ("users", "add"),
        ("backup", "create"),
        ("config", "check"),
    ):
        shown = run(*words, "--help")
        assert shown.returncode == 0
        assert "Example" in shown.stdout
    assert run("--version").stdout.startswith("Hydrophone")
    assert "Exit codes:" in run("--help").stdout
    assert "Usage: hydrophone users add " in run("users", "add", "--help").stdout
    assert "Usage: hydrophone " in run("nonsense").stderr


def test_errors_about_accounts(tmp_path: Path) -> None:
    assert run("users", "add", "anna", "--data", tmp_path).returncode == 0
    stopped = run("users", "edit", "anna", "--library", "X", "--data", tmp_path)
    assert "There is no library 'X'; there is none at all." in stopped.stderr
    for words, message in (
        (("add", "ANNA"), "already"),
        (("passwd", "berta"), "no user"),
        (("remove", "berta", "--yes"), "no user"),
        (("add", "a\nb"), "printable"),
    ):
        stopped = run("users", *words, "--data", tmp_path)
        assert stopped.returncode == 1
        assert message in stopped.stderr


def test_a_password_that_was_typed_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[auth]\nrecoverable_passwords = true\n")
    for words in (("add",), ("passwd",), ("passwd", "--json")):
        command = ("users", *words, "anna", "--password-stdin", "--data", tmp_path)
        ended = run(*command, stdin="open sesame\n")
        assert ended.returncode == 0
        assert "anna" in ended.stdout
        assert "open sesame" not in ended.stdout + ended.stderr


def test_a_folder_named_for_one_scan_leaves_other_libraries_alone(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_audio(tmp_path / name / "song.mp3", frequency=300 if name == "one" else 400)
    data = tmp_path / "data"
    run("scan", "--data", data, "--music", tmp_path / "one")
    second = json.loads(run("scan", "--data", data, "--music", tmp_path / "two", "--json").stdout)
    assert (second["added"], second["missing"]) == (1, 0)
    back = json.loads(run("scan", "--data", data, "--music", tmp_path / "one", "--json").stdout)
    assert (back["unchanged"], back["added"], back["moved"]) == (1, 0, 0)


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "report"),
        ("scan", "--status", "--music", "."),
        ("backup", "list"),
        ("users", "list"),
        ("jobs",),
        ("playlists", "list", "--user", "admin"),
        ("plugins", "analyze"),
        ("recognize", __file__),
    ],
)
def test_who_reads_from_a_folder_that_is_not_there_is_told(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    stopped = run(*words, "--data", tmp_path / "typo")
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert "There is no data folder" in stopped.stderr
    assert not (tmp_path / "typo").exists()
