"""A server has no library in memory that only its child processes need, or nothing at all."""

import subprocess
import sys
from pathlib import Path

from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.factories import make_database

UNWANTED = {
    "PIL": "pictures are made by media/rendering.py, in a sandboxed process",
    "mutagen": "files are read by scanner/parse.py, in sandboxed processes",
    "podcastparser": "feeds are read by media/feed_parser.py, in a sandboxed process",
    "lxml": "it is loaded by media/xml_document.py with the first document",
    "alembic": "a database that is up to date needs no migration",
    "sqlalchemy.orm": "queries are Core; sqlalchemy.ext.asyncio would load it",
    "sqlalchemy.dialects.postgresql": "an argument of a table called postgresql_... would load it",
}
"""Two to eleven megabytes each."""

_SERVE = """
import sys
from pathlib import Path

import anyio

from hydrophone.cli.main import cli
from hydrophone.config import Config, ServerConfig
from hydrophone.server import run
from hydrophone.server.app import create_app

opened = []


async def serve():
    config = Config(server=ServerConfig(data_dir=Path(sys.argv[1])))
    app = create_app(config, opened=opened.append)
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answers = []

    async def receive():
        return next(events)

    async def send(message):
        answers.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"], answers


anyio.run(serve)
assert opened
print(*sorted(sys.modules), sep="\\n")
"""


def test_a_server_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    make_database(tmp_path / DATABASE)
    ended = subprocess.run(
        [sys.executable, "-c", _SERVE, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    loaded = set(ended.stdout.split())
    assert {"hydrophone.server.run", "hydrophone_subsonic.layer", "litestar"} <= loaded
    found = {name: reason for name, reason in UNWANTED.items() if name in loaded}
    assert not found
