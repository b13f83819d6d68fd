import os
from pathlib import Path

import pytest

from hydrophone.config import Config, LogLevel, Overrides, find_config_file, load_config
from hydrophone.errors import ConfigError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own, in which the working directory is, too."""
    folder = tmp_path / "home"
    (folder / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder / "work")
    return folder


@pytest.fixture
def file(home: Path) -> Path:
    (home / "etc").mkdir()
    return home / "etc" / "config.toml"


def errors(file: Path | None, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(file, environ=environ or {})
    return str(caught.value).replace(f"{file}:", "config.toml:").splitlines()


def test_without_anything_there_are_defaults(home: Path) -> None:
    config = load_config(environ={})
    assert config == Config()
    assert config.server.port == 4040
    assert config.server.data_dir.is_relative_to(home)
    assert config.server.cache_dir.is_relative_to(home)
    assert config.server.cache_dir != config.server.data_dir / "cache"


def test_later_places_win_key_by_key(file: Path) -> None:
    file.write_text(
        '[server]\nhost = "::"\nport = 1\nbase_path = "/m"\n[logging]\nlevel = "debug"\n'
    )
    config = load_config(
        file,
        environ={"HYDROPHONE_SERVER__PORT": "2", "HYDROPHONE_SERVER__BASE_PATH": ""},
        overrides=Overrides(port=3),
    )
    assert (config.server.host, config.server.port, config.server.base_path) == ("::", 3, "")
    assert config.logging.level is LogLevel.DEBUG


def test_paths_start_from_where_they_are_written(file: Path, home: Path) -> None:
    file.write_text(
        '[server]\ndata_dir = "data"\n'
        '[[libraries]]\nname = "a"\npath = "~/a"\n[[libraries]]\nname = "b"\npath = "b"\n'
    )
    config = load_config(file, environ={"HYDROPHONE_SERVER__CACHE_DIR": "cache"})
    assert config.server.data_dir == file.parent / "data"
    assert config.server.cache_dir == home / "work" / "cache"
    assert [library.path for library in config.libraries] == [home / "a", file.parent / "b"]


def test_cache_is_beside_a_chosen_data_folder(tmp_path: Path) -> None:
    config = load_config(environ={}, overrides=Overrides(data_dir=tmp_path))
    assert config.server.cache_dir == tmp_path / "cache"


def test_music_of_the_command_line_is_the_only_library(file: Path, home: Path) -> None:
    file.write_text('[[libraries]]\nname = "a"\npath = "/a"\n')
    config = load_config(file, environ={}, overrides=Overrides(music=(Path("../Songs"),)))
    (library,) = config.libraries
    assert (library.name, library.users) == ("Songs", ())
    assert library.path.resolve() == home / "Songs"


def test_variables_hold_every_type() -> None:
    config = load_config(
        environ={
            "HYDROPHONE_LIBRARIES": '[{"name": "a", "path": "/a", "users": ["x"]}]',
            "HYDROPHONE_SERVER__TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
            "HYDROPHONE_SCAN__ON_START": "false",
            "HYDROPHONE_SCAN__FILE_TIMEOUT": "2.5",
            "HYDROPHONE_SERVICE_HOST": "from Kubernetes",
            "HYDROPHONE_PORT": "tcp://10.0.0.1:4040",
        }
    )
    assert config.libraries[0].users == ("x",)
    assert config.server.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert config.scan.on_start is False
    assert config.scan.file_timeout == 2.5
    assert config.server.port == 4040


def test_a_list_in_a_variable_may_be_json_or_nothing() -> None:
    name = "HYDROPHONE_SERVER__TRUSTED_PROXIES"
    assert load_config(environ={name: '["::1"]'}).server.trusted_proxies == ("::1",)
    assert load_config(environ={name: ""}).server.trusted_proxies == ()


def test_each_error_has_place_key_value_and_the_nearest_key(file: Path) -> None:
    file.write_text(
        "port = 5\n"
        "[server]\n"
        'port = "many"\n'
        "prot = 4041\n"
        'base_path = "/music/"\n'
        'trusted_proxies = [\n  "::1",\n  "proxy",\n]\n'
        "[[libraries]]\n"
        'name = ""\n'
        'path = "a"\n'
        "[servr]\n"
        "x = 1\n"
    )
    assert errors(file) == [
        "config.toml:1: port: no such key (value 5); did you mean server.port?",
        'config.toml:3: server.port: expected int >= 0 and <= 65535, got "many"',
        "config.toml:4: server.prot: no such key (value 4041); did you mean server.port?",
        (
            'config.toml:5: server.base_path: expected empty or a path such as "/music", '
            'without a slash at its end, got "/music/"'
        ),
        'config.toml:8: server.trusted_proxies[1]: expected IP address or network, got "proxy"',
        'config.toml:11: libraries[0].name: expected text that is not empty, got ""',
        "config.toml:13: servr: no such table; did you mean server?",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("server = 1", "config.toml:1: server: expected a table, got 1"),
        ("[libraries]", "config.toml:1: libraries: expected list, each table, got a table"),
        ("\nlibraries = [1]", "config.toml:2: libraries[0]: expected a table, got 1"),
        (
            '[scan]\nworkers = true\n"a\\nb" = 1',
            "config.toml:2: scan.workers: expected int >= 0 and <= 64, got true",
        ),
        (
            "[scan]\nfile_timeout = inf",
            "config.toml:2: scan.file_timeout: expected number >= 1 and <= 3600, got Infinity",
        ),
        (
            '[logging]\nlevel = "loud"',
            (
                "config.toml:2: logging.level: expected one of "
                '"debug", "info", "warning", "error", got "loud"'
            ),
        ),
        (
            '[server]\ndata_dir = "~nobody-has-this-name/x"',
            'config.toml:2: server.data_dir: expected path, got "~nobody-has-this-name/x"',
        ),
        (
            '[server]\ndata_dir = "a\\u0000"',
            'config.toml:2: server.data_dir: expected path, got "a\\u0000"',
        ),
        ('[[libraries]]\nname = "a"', "config.toml:1: libraries[0].path: is missing"),
        (
            '[[libraries]]\nname = "a"\npath = "/a"\n[[libraries]]\nname = "a"\npath = "/b"',
            'config.toml:5: libraries[1].name: another library has the name "a" already',
        ),
        ("[x\n", "config.toml:1: not valid TOML: Expected ']' at the end of a table declaration"),
        ("a = 1\nb = '''", "config.toml:2: not valid TOML: Expected \"'''\""),
    ],
)
def test_wrong_files(file: Path, text: str, error: str) -> None:
    file.write_text(text)
    assert errors(file)[0] == error


def test_wrong_variables() -> None:
    assert errors(
        None,
        {
            "HYDROPHONE_SCAN__WORKERS": "x",
            "HYDROPHONE_SERVER__PROT": "1",
            "HYDROPHONE_SERVER__TRUSTED_PROXIES": "[1",
        },
    ) == [
        'HYDROPHONE_SCAN__WORKERS: scan.workers: expected int >= 0 and <= 64, got "x"',
        'HYDROPHONE_SERVER__PROT: server.prot: no such key (value "1"); did you mean server.port?',
        (
            "HYDROPHONE_SERVER__TRUSTED_PROXIES: server.trusted_proxies: "
            'expected list, each IP address or network, got "[1"'
        ),
    ]
    assert errors(None, {"HYDROPHONE_SERVR__PORT": "1"}) == [
        'HYDROPHONE_SERVR__PORT: servr.port: no such key (value "1"); did you mean server.port?'
    ]
    assert errors(None, {"HYDROPHONE_LIBRARIES": '[{"name": "a"}]'}) == [
        "HYDROPHONE_LIBRARIES: libraries[0].path: is missing"
    ]


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^--port: server\.port: ") as caught:
        load_config(environ={}, overrides=Overrides(port=-1))
    assert (caught.value.key, caught.value.location) == ("server.port", "--port")


def test_secrets_are_never_shown(file: Path) -> None:
    file.write_text(
        '[auth]\napi_key = "hush"\nPassword = "hush"\n[auth.token]\nx = "hush"\n'
        '[server]\nport = [{secret = "hush"}]\n'
    )
    text = "\n".join(errors(file, {"HYDROPHONE_AUTH__CLIENT_SECRET": "hush"}))
    assert "hush" not in text
    assert text.count("***") == 3


def test_wrong_encodings(file: Path) -> None:
    file.write_bytes(b"# \xc3\xa4\n# \xe4\n")
    assert errors(file) == ["config.toml:2: not valid TOML: not UTF-8"]
    file.write_bytes(b"\xef\xbb\xbf[server]\nport = 7\n")
    assert load_config(file, environ={}).server.port == 7


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    wanted = rf"{missing}: cannot be read: No such file"
    with pytest.raises(ConfigError, match=wanted):
        load_config(missing, environ={})
    with pytest.raises(ConfigError, match=wanted):
        load_config(environ={"HYDROPHONE_CONFIG": str(missing)})


def test_which_file_is_read(home: Path, tmp_path: Path) -> None:
    users = home / ".config/hydrophone/config.toml"
    users.parent.mkdir(parents=True)
    users.write_text("")
    data = tmp_path / "data"
    data.mkdir()
    environ = {"HYDROPHONE_SERVER__DATA_DIR": str(data)}

    assert find_config_file(environ={}) == users
    assert find_config_file(environ={}, data_dir=data) is None
    assert find_config_file(environ=environ) is None

    (data / "config.toml").write_text("")
    assert find_config_file(environ={}, data_dir=data) == data / "config.toml"
    assert find_config_file(environ=environ) == data / "config.toml"
    named = {**environ, "HYDROPHONE_CONFIG": "a.toml"}
    assert find_config_file(environ=named) == Path("a.toml")
    assert find_config_file(Path("b.toml"), environ=named, data_dir=data) == Path("b.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_an_error(home: Path) -> None:
    folder = home / ".config/hydrophone"
    folder.mkdir(parents=True)
    folder.chmod(0)
    try:
        with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
            load_config(environ={})
    finally:
        folder.chmod(0o700)


def test_tables_of_plugins_are_left_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[plugins.tidal]\nregion = "SE"\n[plugins.second]\nplugin = "tidal"\n')
    environ = {"HYDROPHONE_PLUGINS__TIDAL__TOKEN": "t0ken", "HYDROPHONE_PLUGINS__NEW__KEY": "1"}
    assert load_config(file, environ=environ).plugins == {
        "tidal": {"region": "SE", "token": "t0ken"},
        "second": {"plugin": "tidal"},
        "new": {"key": "1"},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plugins = 5", "config.toml:1: plugins: expected a table, got 5"),
        ("[plugins]\ntidal = true", "config.toml:2: plugins.tidal: expected a table, got true"),
        ("[plugins.Tidal]", "config.toml:1: plugins.Tidal: a name has small letters"),
    ],
)
def test_says_what_is_no_table_of_a_plugin(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(file, environ={})
    assert said in str(caught.value)
