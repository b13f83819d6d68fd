"""Whoever wants to write while a scan writes has to wait for a moment only."""

from pathlib import Path

import pytest
from sqlalchemy import event
from tests.integration.scanner.naps import Naps

from hydrophone.scanner.turns import Turns, chunks
from hydrophone.storage.connection import connect, transaction


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    found = Naps()
    monkeypatch.setattr("hydrophone.scanner.turns.time", found)
    return found


def test_others_get_their_turn(tmp_path: Path, naps: Naps) -> None:
    path = tmp_path / "some.db"
    with connect(path, durable=False) as connection, connect(path, durable=True) as other:
        connection.exec_driver_sql("CREATE TABLE line (writer TEXT)")
        other.exec_driver_sql("PRAGMA busy_timeout=0")

        def write(writer: str) -> None:
            connection.exec_driver_sql("INSERT INTO line VALUES (?)", (writer,))
            naps.now += 0.005

        def listen() -> None:
            with transaction(other):
                other.exec_driver_sql("INSERT INTO line VALUES ('server')")

        naps.meanwhile = listen
        turns = Turns(connection)
        for _ in range(6):
            turns.write(["scan"] * 90, write)
        lines = connection.exec_driver_sql("SELECT writer FROM line ORDER BY rowid").scalars().all()
    assert lines.count("scan") == 540
    assert lines.count("server") == len(naps.slept)
    # Two small turns may come before a pause; none of them takes longer than half a second.
    assert max(len(run) for run in "".join(line[1] for line in lines).split("e")) <= 180
    # SQLite looks after its lock every tenth of a second.
    assert min(naps.slept) > 0.1


def test_short_transactions_do_not_pause(tmp_path: Path, naps: Naps) -> None:
    with connect(tmp_path / "some.db", durable=False) as connection:
        turns = Turns(connection)
        for _ in range(100):
            with turns.transaction():
                naps.now += 0.001
    assert naps.slept == []


def test_many_items_are_cut_into_turns(tmp_path: Path, naps: Naps) -> None:
    with connect(tmp_path / "some.db", durable=False) as connection:
        turns = []

        @event.listens_for(connection, "before_cursor_execute")
        def note(_: object, cursor: object, statement: str, *__: object) -> None:
            turns.append((statement, naps.now))

        def write(_: int) -> None:
            naps.now += 0.01

        Turns(connection).write(range(120), write)
        Turns(connection).write([], write)
    begins = [moment for statement, moment in turns if statement == "BEGIN IMMEDIATE"]
    commits = [moment for statement, moment in turns if statement == "COMMIT"]
    assert len(begins) == len(commits) > 1
    assert max(end - begin for begin, end in zip(begins, commits, strict=True)) < 0.52


def test_chunks() -> None:
    assert list(chunks([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(chunks([], 2)) == []
