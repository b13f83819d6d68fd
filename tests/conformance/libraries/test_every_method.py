"""Every method of the two libraries is called, here or in `tests/e2e`."""

import ast
import inspect
from pathlib import Path

import libopensonic
import libsonic
import pytest

E2E = Path(__file__).parents[2] / "e2e"

_ONLY_NUMBERS = "it makes a number of the id, which is a text in OpenSubsonic"
_OLD_PAGE = "it opens a page of Subsonic's own settings, with a name that is not there"
_SETTING = "it sets a property of the connection and asks nothing"
NOT_CALLED = {
    "test_py_opensonic.py": {
        "get_captions": _ONLY_NUMBERS,
        "get_music_folders": "it reads the keys of an object for the folders, whatever the server",
        "get_video_info": _ONLY_NUMBERS,
        "search": "it only says that search3 is newer",
        "update_share": "it takes the value of `expires` for the name of the parameter, and fails",
    },
    "test_py_sonic.py": {
        "cleanupDatabase": _OLD_PAGE,
        "getCaptions": _ONLY_NUMBERS,
        "getVideoInfo": _ONLY_NUMBERS,
        "scanMediaFolders": _OLD_PAGE,
        "setAppName": _SETTING,
        "setBaseUrl": _SETTING,
        "setGET": "every call by GET fails in the library, for a name that is not there",
        "setInsecure": _SETTING,
        "setLegacyAuth": _SETTING,
        "setPassword": _SETTING,
        "setPort": _SETTING,
        "setServerPath": _SETTING,
        "setUsername": _SETTING,
    },
}
"""By the file of a library's tests: its methods without a test, each with the reason."""


@pytest.mark.parametrize(
    ("connection", "file"),
    [
        pytest.param(libopensonic.Connection, "test_py_opensonic.py", id="py-opensonic"),
        pytest.param(libsonic.Connection, "test_py_sonic.py", id="py-sonic"),
    ],
)
def test_every_method_is_called(connection: type, file: str) -> None:
    public = {
        name
        for name, _ in inspect.getmembers(connection, inspect.isfunction)
        if not name.startswith("_")
    }
    called = {
        node.attr
        for module in (E2E / file, Path(__file__).with_name(file))
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Attribute)
    }
    assert public - called == set(NOT_CALLED[file])
