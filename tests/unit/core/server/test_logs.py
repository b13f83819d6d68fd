import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any, NoReturn, SupportsIndex

import pytest

from hydrophone.config import LogFormat, LoggingConfig, LogLevel
from hydrophone.domain.units import ByteCount
from hydrophone.host.guard import tracer
from hydrophone.server.logs import (
    RequestContext,
    configure_logging,
    log_request,
    request_context,
)

logger = logging.getLogger("hydrophone.test")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, traces = list(root.handlers), root.level, tracer.level
    yield
    tracer.setLevel(traces)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def context() -> Iterator[RequestContext]:
    context = RequestContext(request_id="r1")
    token = request_context.set(context)
    yield context
    request_context.reset(token)


def configure(
    stream: io.StringIO, format_: LogFormat = LogFormat.TEXT, level: LogLevel = LogLevel.INFO
) -> None:
    """Let the log of the process go to the stream instead of standard error."""
    with redirect_stderr(stream):
        configure_logging(LoggingConfig(format=format_, level=level))


def answered(**changes: Any) -> None:
    usual: dict[str, Any] = {
        "method": "GET",
        "path": "/rest/ping",
        "status": 200,
        "duration_ms": 1.26,
        "slow_ms": 1000,
    }
    log_request(**usual | changes)


def fail(message: str) -> None:
    raise ValueError(message)


def json_lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("level", [LogLevel.DEBUG, LogLevel.WARNING])
def test_calls_of_plugins_have_lines_when_they_are_wanted(
    stream: io.StringIO, level: LogLevel
) -> None:
    for is_wanted in (True, False):
        with redirect_stderr(stream):
            configure_logging(LoggingConfig(level=level, plugin_calls=is_wanted))
        tracer.debug("archive.search 12.0 ms Answer: %s", is_wanted)
    [line] = stream.getvalue().splitlines()
    assert line.endswith("archive.search 12.0 ms Answer: True")


def test_text_line_has_time_level_logger_request_and_message(
    stream: io.StringIO, context: RequestContext
) -> None:
    configure(stream)
    context.user = "bob"
    context.client = "DSub 5"
    logger.info("found %d", 3)
    time, rest = stream.getvalue().split(" ", 1)
    assert rest == 'INFO hydrophone.test [request=r1 user=bob client="DSub 5"] found 3\n'
    assert time[10] == "T"
    assert time[-6] in "+-"


def test_json_line_has_the_same(stream: io.StringIO, context: RequestContext) -> None:
    configure(stream, LogFormat.JSON)
    context.user = "bob"
    logger.info("found %d\nmore", 3)
    (line,) = json_lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "hydrophone.test",
        "message": "found 3\nmore",
        "request_id": "r1",
        "user": "bob",
    }


def test_outside_a_request_there_is_no_context(stream: io.StringIO) -> None:
    configure(stream)
    logger.info("starting")
    assert stream.getvalue().endswith("INFO hydrophone.test starting\n")


def test_configuring_again_does_not_double_the_lines(stream: io.StringIO) -> None:
    configure(stream)
    configure(stream)
    logger.info("once")
    assert stream.getvalue().count("once") == 1


def test_level_is_obeyed_and_other_libraries_only_warn(stream: io.StringIO) -> None:
    configure(stream, level=LogLevel.DEBUG)
    logger.debug("ours")
    logging.getLogger("hydrophone_somebody").debug("a plugin's")
    logging.getLogger("httpx").info("chatter")
    logging.getLogger("httpx").warning("serious")
    text = stream.getvalue()
    assert "ours" in text
    assert "a plugin's" in text
    assert "chatter" not in text
    assert "serious" in text

    configure(stream, level=LogLevel.ERROR)
    logger.warning("too small")
    assert "too small" not in stream.getvalue()


def test_a_stream_that_was_left_incomplete_is_no_error_of_the_server(stream: io.StringIO) -> None:
    configure(stream)
    logging.getLogger("uvicorn.error").error("ASGI callable returned without completing response.")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application")
    assert "without completing" not in stream.getvalue()
    assert "Exception in ASGI application" in stream.getvalue()


@pytest.mark.parametrize("format_", LogFormat)
def test_credentials_reach_no_line(
    stream: io.StringIO, context: RequestContext, format_: LogFormat
) -> None:
    configure(stream, format_)
    context.client = "p=SECRET"
    logger.info("GET %s", "/rest/ping?u=bob&p=SECRET")
    logger.info("login %r", {"u": "bob", "password": "SECRET"})
    logging.getLogger("uvicorn.error").error("/rest/ping?u=bob&apiKey=SECRET")
    try:
        fail("no such thing: /rest/ping?u=bob&t=SECRET&s=SECRET")
    except ValueError:
        logger.exception("failed", stack_info=True)
    answered(path="/rest/ping?u=bob&p=SECRET", error="wrong password=SECRET", status=500)
    assert "SECRET" not in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    assert "Stack (most recent call last)" in stream.getvalue()


def test_a_client_cannot_forge_lines(stream: io.StringIO, context: RequestContext) -> None:
    configure(stream)
    forged = "x\n2026-01-01T00:00:00 INFO\r\x1b[2K\u2028\x85\u202efake"
    context.client = f'a" user="admin{forged}'
    logger.info("client said %s", forged)
    try:
        fail(forged)
    except ValueError:
        logger.exception("failed")
    lines = stream.getvalue().splitlines()
    assert all(line.isprintable() for line in lines)
    assert [line for line in lines if not line.startswith("    ")] == [lines[0], lines[1]]
    assert "client=\"a' user='admin" in lines[0]


@pytest.mark.parametrize("format_", LogFormat)
def test_file_names_that_are_not_utf8_can_be_logged(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, format_: LogFormat
) -> None:
    # What pytest's own handler keeps is sent between processes, which lone surrogates cannot be.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    configure(stream, format_)
    logger.info("cannot read %s", b"caf\xe9.mp3".decode("utf-8", "surrogateescape"))
    stream.getvalue().encode()
    assert "cannot read caf" in stream.getvalue()


def test_a_wrong_log_call_does_not_raise(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own would raise
    configure(stream)
    logger.info("%d of %d", "p=SECRET")
    assert stream.getvalue().endswith("%d of %d (its arguments do not fit)\n")


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "debug"),
        ({"status": 304}, "debug"),
        ({"duration_ms": 1000.0}, "info"),
        ({"duration_ms": 9000.0, "slow_ms": 0}, "debug"),
        ({"status": 404}, "warning"),
        ({"error": "wrong user name or password"}, "warning"),
    ],
)
def test_requests_are_logged_by_what_became_of_them(
    stream: io.StringIO, changes: dict[str, Any], level: str
) -> None:
    configure(stream, LogFormat.JSON, LogLevel.DEBUG)
    answered(**changes)
    (line,) = json_lines(stream)
    assert line["level"] == level


def test_a_request_is_one_sentence_and_its_fields(
    stream: io.StringIO, context: RequestContext
) -> None:
    configure(stream, LogFormat.JSON)
    answered(status=500, size=ByteCount(12), error="disk full")
    (line,) = json_lines(stream)
    assert line["message"] == "GET /rest/ping 500 in 1.3 ms, 12 bytes: disk full"
    assert line["request_id"] == "r1"
    assert line["request"] == {
        "method": "GET",
        "path": "/rest/ping",
        "status": 500,
        "duration_ms": 1.3,
        "size": 12,
        "error": "disk full",
    }


def test_an_ordinary_request_costs_nothing_when_debug_is_off(stream: io.StringIO) -> None:
    class Unrounded(float):
        def __round__(self, ndigits: SupportsIndex | None = None) -> NoReturn:
            raise AssertionError("the line was made")

    configure(stream)
    answered(duration_ms=Unrounded(1.2))
    assert stream.getvalue() == ""
