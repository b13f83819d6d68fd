"""Whoever wants to write while a scan writes has to wait for a moment only."""

import time
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import event

from hydrophone.scanner.turns import Turns, chunks
from hydrophone.storage.connection import connect, transaction


def test_others_get_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    waits = []
    enough = Event()
    with connect(path, durable=False) as connection:
        connection.exec_driver_sql("CREATE TABLE line (writer TEXT)")

        def write(writer: str) -> None:
            connection.exec_driver_sql("INSERT INTO line VALUES (?)", (writer,))
            time.sleep(0.005)

        def listen() -> None:
            with connect(path, durable=True) as other:
                while not enough.is_set():
                    began = time.monotonic()
                    with transaction(other):
                        other.exec_driver_sql("INSERT INTO line VALUES ('server')")
                    waits.append(time.monotonic() - began)
                    time.sleep(0.02)

        thread = Thread(target=listen)
        thread.start()
        turns = Turns(connection)
        for _ in range(6):
            turns.write(["scan"] * 100, write)
        enough.set()
        thread.join()
        written = connection.exec_driver_sql(
            "SELECT writer, count(*) FROM line GROUP BY writer ORDER BY writer"
        ).all()
    assert written == [("scan", 600), ("server", len(waits))]
    assert len(waits) > 3
    assert max(waits) < 1.5


def test_short_transactions_do_not_pause(tmp_path: Path) -> None:
    began = time.monotonic()
    with connect(tmp_path / "some.db", durable=False) as connection:
        turns = Turns(connection)
        for _ in range(100):
            with turns.transaction():
                pass
    assert time.monotonic() - began < 5.0


def test_many_items_are_cut_into_turns(tmp_path: Path) -> None:
    with connect(tmp_path / "some.db", durable=False) as connection:
        turns = []

        @event.listens_for(connection, "before_cursor_execute")
        def note(_: object, cursor: object, statement: str, *__: object) -> None:
            turns.append((statement, time.monotonic()))

        Turns(connection).write(range(120), lambda _: time.sleep(0.01))
        Turns(connection).write([], lambda _: None)
    begins = [moment for statement, moment in turns if statement == "BEGIN IMMEDIATE"]
    commits = [moment for statement, moment in turns if statement == "COMMIT"]
    assert len(begins) == len(commits) > 1
    assert max(end - begin for begin, end in zip(begins, commits, strict=True)) < 1.0


def test_chunks() -> None:
    assert list(chunks([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(chunks([], 2)) == []
