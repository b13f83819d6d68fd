"""The example file shows every key with its default, and works as it stands."""

import re
import tomllib
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from hydrophone.config import Config, LibraryConfig, TranscodingRule, load_config
from hydrophone.config.keys import is_table, item_type

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"


def with_libraries() -> str:
    """Take the comment signs from the example's libraries, as its reader is told to."""
    return uncommented("libraries", LibraryConfig)


def with_rules() -> str:
    return uncommented("transcoding.rules", TranscodingRule)


def uncommented(table: str, schema: type[Struct]) -> str:
    keys = "|".join(field.encode_name for field in fields(schema))
    line = re.compile(rf"^# (\[\[{re.escape(table)}\]\]|(?:{keys}) = )", re.MULTILINE)
    return line.sub(r"\1", EXAMPLE.read_text())


def test_as_it_stands_it_changes_nothing() -> None:
    assert load_config(EXAMPLE, environ={}) == Config()


def test_it_shows_every_key_and_no_other() -> None:
    shown = tomllib.loads(EXAMPLE.read_text())
    sections = {field.name: field.type for field in fields(Config) if field.name != "libraries"}
    assert list(shown) == list(sections)
    for name, section in sections.items():
        if not is_table(section):
            assert shown[name] == {}
            continue
        assert list(shown[name]) == [
            field.name for field in fields(section) if not is_table(item_type(field.type))
        ]


def test_its_libraries_show_every_key() -> None:
    libraries = tomllib.loads(with_libraries())["libraries"]
    assert {key for library in libraries for key in library} == {
        field.name for field in fields(LibraryConfig)
    }


def test_its_libraries_can_be_switched_on(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(with_libraries())
    config = load_config(file, environ={})
    assert [library.name for library in config.libraries] == ["Music", "Children"]
    assert config.libraries[1].path == Path.home() / "Music/children"
    assert config.libraries[1].users == ("anna", "ben")


def test_its_rules_show_every_key_and_can_be_switched_on(tmp_path: Path) -> None:
    rules = tomllib.loads(with_rules())["transcoding"]["rules"]
    assert {key for rule in rules for key in rule} == {
        field.encode_name for field in fields(TranscodingRule)
    }
    file = tmp_path / "config.toml"
    file.write_text(with_rules())
    first, second = load_config(file, environ={}).transcoding.rules
    assert first.sources == ("lossless",)
    assert second.never
