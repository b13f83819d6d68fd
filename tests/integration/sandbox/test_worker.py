"""A worker with real child processes, which crash, hang, print and eat memory."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from hydrophone.errors import MediaError, UnavailableError
from hydrophone.sandbox.worker import Worker

MEMORY = 256 * 1024 * 1024
PATIENCE = 60.0

TARGETS = """
import os, signal, sys, time
from hydrophone.errors import MediaError

def work(order: str) -> str | int | bytes:
    verb, _, rest = order.partition(" ")
    if verb == "echo":
        return rest
    if verb == "pid":
        return os.getpid()
    if verb == "media-error":
        raise MediaError("not an MPEG audio file")
    if verb == "bug":
        raise ValueError("what is this?")
    if verb == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if verb == "exit":
        os._exit(3)
    if verb == "hang":
        while True:
            time.sleep(60)
    if verb == "eat":
        return len(bytearray(10**9))
    if verb == "print":
        print("noise " * 1000, flush=True)
        os.write(1, b"more noise")
        return "quiet"
    if verb == "read":
        return sys.stdin.read()
    if verb == "bytes":
        return bytes(int(rest))
    raise AssertionError(order)

def double(data: bytes) -> bytes:
    return data + data

def untimely(order: str) -> int:
    return order
"""


class Point(Struct, frozen=True):
    x: int


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "sandbox_targets.py").write_text(TARGETS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return "sandbox_targets"


@pytest.fixture
def worker(targets: str) -> Iterator[Worker[str | int | bytes]]:
    answer = str | int
    with Worker[str | int | bytes](f"{targets}:work", answer=answer, memory=MEMORY) as worker:
        yield worker


def is_running(pid: int) -> bool:
    """Zombies do not run; in a container nobody may come to reap an orphan."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} survived"
        time.sleep(0.01)


def test_answers_and_keeps_its_child(worker: Worker[str | int]) -> None:
    assert worker.call("echo Björk", timeout=PATIENCE) == "Björk"
    assert worker.call("pid", timeout=PATIENCE) == worker.call("pid", timeout=PATIENCE)


def test_errors_of_the_function_keep_the_child(worker: Worker[str | int]) -> None:
    pid = worker.call("pid", timeout=PATIENCE)
    with pytest.raises(MediaError, match=r"^not an MPEG audio file$"):
        worker.call("media-error", timeout=PATIENCE)
    with pytest.raises(MediaError, match=r"^cannot be understood, or is damaged$"):
        worker.call("bug", timeout=PATIENCE)
    assert worker.call("pid", timeout=PATIENCE) == pid


@pytest.mark.parametrize(
    ("order", "reason"), [("crash", "SIGSEGV"), ("exit", "exit status 3"), ("hang", "longer than")]
)
def test_a_dead_child_is_replaced(worker: Worker[str | int], order: str, reason: str) -> None:
    first = worker.call("pid", timeout=PATIENCE)
    assert isinstance(first, int)
    with pytest.raises(MediaError, match=reason):
        worker.call(order, timeout=0.3 if order == "hang" else PATIENCE)
    wait_until_gone(first)
    assert worker.call("pid", timeout=PATIENCE) != first


def test_a_child_killed_while_idle_is_replaced_unnoticed(worker: Worker[str | int]) -> None:
    pid = worker.call("pid", timeout=PATIENCE)
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert worker.call("echo again", timeout=PATIENCE) == "again"


def test_memory_is_limited(worker: Worker[str | int]) -> None:
    with pytest.raises(MediaError, match=r"^needs more memory than it may take$"):
        worker.call("eat", timeout=PATIENCE)
    assert worker.call("echo alive", timeout=PATIENCE) == "alive"


def test_prints_and_reads_do_not_touch_the_pipes(worker: Worker[str | int]) -> None:
    assert worker.call("print", timeout=PATIENCE) == "quiet"
    assert worker.call("read", timeout=PATIENCE) == ""


def test_an_answer_of_the_wrong_type_is_an_error(targets: str) -> None:
    with (
        Worker(f"{targets}:untimely", answer=Point, memory=MEMORY) as worker,
        pytest.raises(MediaError, match=r"fault of Hydrophone$"),
    ):
        worker.call("soon", timeout=PATIENCE)


def test_map_keeps_order_and_loses_only_what_is_broken(worker: Worker[str | int]) -> None:
    orders = [f"echo {number}" for number in range(200)]
    broken = {7: "crash", 8: "exit", 60: "hang", 61: "bug", 199: "media-error"}
    for number, order in broken.items():
        orders[number] = order
    answers = list(worker.map(orders, timeout=4.0))
    assert [order for order, _ in answers] == orders
    for number, (_, answer) in enumerate(answers):
        if number in broken:
            assert isinstance(answer, MediaError)
        else:
            assert answer == str(number)


def test_map_takes_few_arguments_ahead(worker: Worker[str | int]) -> None:
    taken = []

    def orders() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield f"echo {number}"

    answers = worker.map(orders(), timeout=PATIENCE)
    next(answers)
    assert len(taken) <= 64
    answers.close()
    assert worker.call("echo next", timeout=PATIENCE) == "next"


def test_what_cannot_be_encoded_does_not_reach_the_child(worker: Worker[str | int]) -> None:
    with pytest.raises(UnicodeEncodeError):
        list(worker.map(["echo 1", "echo \udcff"], timeout=PATIENCE))
    assert worker.call("echo 2", timeout=PATIENCE) == "2"


def test_large_frames_pass_both_ways_at_once(targets: str) -> None:
    data = [os.urandom(1_000_000) for _ in range(40)]
    with Worker(f"{targets}:double", answer=bytes, memory=MEMORY) as worker:
        for argument, answer in worker.map(data, timeout=PATIENCE):
            assert answer == argument + argument


def test_a_slow_consumer_costs_no_item(worker: Worker[str | int]) -> None:
    for number, (_, answer) in enumerate(worker.map(["echo x"] * 40, timeout=3.0)):
        if number in {0, 33}:
            time.sleep(3.3)
        assert answer == "x"


def test_a_target_that_cannot_be_imported_is_said_at_once(targets: str) -> None:
    with (
        Worker("no_such_module:work", answer=str, memory=MEMORY) as worker,
        pytest.raises(UnavailableError, match="no_such_module"),
    ):
        worker.call("x", timeout=PATIENCE)


def test_the_child_outlives_the_thread_that_started_it(worker: Worker[str | int]) -> None:
    pids: list[object] = []
    thread = threading.Thread(target=lambda: pids.append(worker.call("pid", timeout=PATIENCE)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert [worker.call("pid", timeout=PATIENCE)] == pids


def test_close_ends_a_call_in_another_thread(worker: Worker[str | int]) -> None:
    pid = worker.call("pid", timeout=PATIENCE)
    assert isinstance(pid, int)
    errors: list[Exception] = []

    def wait() -> None:
        try:
            worker.call("hang", timeout=PATIENCE)
        except UnavailableError as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.2)
    worker.close()
    thread.join(PATIENCE)
    assert len(errors) == 1
    wait_until_gone(pid)
    with pytest.raises(UnavailableError):
        worker.call("echo x", timeout=PATIENCE)


def test_close_within_an_unfinished_map_does_not_lock_up(worker: Worker[str | int]) -> None:
    answers = worker.map(["pid", "hang"], timeout=PATIENCE)
    _, pid = next(answers)
    assert isinstance(pid, int)
    worker.close()
    wait_until_gone(pid)
    with pytest.raises(UnavailableError):
        next(answers)


PARENT = """
from hydrophone.sandbox.worker import Worker
worker = Worker("sandbox_targets:work", answer=str | int, memory=256 * 1024 * 1024)
print(worker.call("pid", timeout=120), flush=True)
worker.call("hang" if {busy} else "pid", timeout=120)
input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
@pytest.mark.parametrize("busy", [True, False])
def test_no_child_survives_kill_9_of_its_parent(targets: str, busy: bool) -> None:
    command = [sys.executable, "-c", PARENT.format(busy=busy)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        assert is_running(pid)
        parent.kill()
    wait_until_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_child_is_restrained(worker: Worker[str | int]) -> None:
    pid = worker.call("pid", timeout=PATIENCE)
    assert isinstance(pid, int)
    limits = Path(f"/proc/{pid}/limits").read_text()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert rows["Max address space"] == [str(MEMORY), str(MEMORY)]
    assert rows["Max core file size"] == ["0", "0"]
    os.kill(pid, signal.SIGINT)
    assert worker.call("pid", timeout=PATIENCE) == pid
