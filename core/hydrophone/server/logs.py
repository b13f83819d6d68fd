"""What the server logs, and how a line looks: text for people or JSON for programs.

Every line carries the request that it belongs to and no credential, whoever logged it. The
server must start uvicorn with `log_config=None, access_log=False`: its access log prints
query strings, and its own handlers would bypass this module.
"""

import logging
import re
import sys
from asyncio import CancelledError
from contextvars import ContextVar
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from hydrophone.config import LogFormat, LoggingConfig
from hydrophone.domain.units import ByteCount
from hydrophone.host.guard import tracer
from hydrophone.server.redaction import redact

logger = logging.getLogger(__name__)

_HANDLER_NAME = "hydrophone"
_OUR_LOGGERS = "hydrophone"
"""How the names of our loggers begin, those of our protocol layers and plugins included."""
_CUT = "Cancel %s running task(s), timeout graceful shutdown exceeded"
_INCOMPLETE = "ASGI callable returned without completing response."
_UVICORN_LOGGERS = ("uvicorn", "uvicorn.access", "uvicorn.error")

# Control characters, line separators and direction marks: what could forge a line, rewrite a
# terminal or reorder a line.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_BARE = re.compile(r"[\w.@:+-]+")


class RequestContext(Struct, kw_only=True):
    """Who is asking. Mutable, because user and client are known later than the request."""

    request_id: str
    user: str = ""
    """Login name; empty until somebody is logged in."""
    client: str = ""
    """The app by its own account (Subsonic's `c`); empty if it gave none."""
    error: str = ""
    """What failed, in words: Subsonic says even "wrong password" with status 200."""


request_context: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)
"""The request that the current task works for; set by the server's outermost layer."""

_NO_REQUEST = RequestContext(request_id="")


class _RequestLine(Struct, frozen=True, kw_only=True):
    method: str
    path: str
    status: int
    duration_ms: float
    size: ByteCount | None
    error: str

    def __str__(self) -> str:
        size = "" if self.size is None else f", {self.size} bytes"
        error = f": {self.error}" if self.error else ""
        return f"{self.method} {self.path} {self.status} in {self.duration_ms} ms{size}{error}"


class _JsonLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    time: datetime
    level: str
    logger: str
    message: str
    request_id: str = ""
    user: str = ""
    client: str = ""
    request: _RequestLine | None = None
    exception: str = ""


def configure_logging(config: LoggingConfig) -> None:
    """Send the log of the whole process to standard error; calling it again replaces that.

    Of other libraries only warnings and errors are written, whatever the level. Calls of plugins
    have their lines or not, whatever the level, too.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if handler.name == _HANDLER_NAME:
            root.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.name = _HANDLER_NAME
    handler.addFilter(_is_wanted)
    handler.addFilter(ContextFilter())
    handler.setFormatter(_JsonFormatter() if config.format is LogFormat.JSON else _TextFormatter())
    root.addHandler(handler)
    root.setLevel(config.level.upper())
    tracer.setLevel(logging.DEBUG if config.plugin_calls else logging.INFO)
    for name in _UVICORN_LOGGERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def log_request(
    *,
    method: str,
    path: str,
    status: int,
    duration_ms: float,
    slow_ms: int,
    size: ByteCount | None = None,
    error: str = "",
) -> None:
    """Log one answered request: WARNING if it failed, INFO if it was slow, else DEBUG.

    Args:
        method: the HTTP method.
        path: without the query string.
        status: the HTTP status; from 400 on the request has failed.
        duration_ms: until the first byte of the answer; the rest of a stream is the client's.
        slow_ms: from which duration on a request is slow; 0 means never.
        size: bytes of the answer's body; `None` if unknown.
        error: what failed, in words: Subsonic says even "wrong password" with status 200.
    """
    if error or status >= 400:
        level = logging.WARNING
    elif slow_ms and duration_ms >= slow_ms:
        level = logging.INFO
    else:
        level = logging.DEBUG
    if not logger.isEnabledFor(level):
        return
    line = _RequestLine(
        method=_safe(method),
        path=_safe(path),
        status=status,
        duration_ms=round(duration_ms, 1),
        size=size,
        error=_safe(error),
    )
    logger.log(level, "%s", line, extra={"request": line})


class ContextFilter(logging.Filter):
    """Puts the request into each record and strikes credentials out of it.

    The record gets `request_id`, `user` and `client`, empty outside a request. Message and
    arguments become one text and the traceback another, both redacted, so that no formatter
    after this filter can bring a credential back.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place; always let it pass."""
        context = request_context.get() or _NO_REQUEST
        for name in ("request_id", "user", "client"):
            setattr(record, name, _safe(getattr(context, name)))
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - str() of an argument may raise anything, logging must not
            text = f"{record.msg} (its arguments do not fit)"
        record.msg = _safe(text)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        # A stack asked for by the caller is shown as a traceback is.
        record.exc_text = _safe("\n".join(filter(None, (record.exc_text, record.stack_info))))
        record.stack_info = None
        return True


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).astimezone()
        fields = vars(record)
        context = " ".join(
            f"{name}={_quoted(fields[key])}"
            for name, key in (("request", "request_id"), ("user", "user"), ("client", "client"))
            if fields[key]
        )
        head = f"{time.isoformat(timespec='milliseconds')} {record.levelname} {record.name}"
        line = f"{head} [{context}] " if context else f"{head} "
        text = line + _printable(record.msg)
        for row in (record.exc_text or "").splitlines():
            text += f"\n    {_printable(row)}"
        return text


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = vars(record)
        line = _JsonLine(
            time=datetime.fromtimestamp(record.created, UTC),
            level=record.levelname.lower(),
            logger=record.name,
            message=record.msg,
            request_id=fields["request_id"],
            user=fields["user"],
            client=fields["client"],
            request=fields.get("request"),
            exception=record.exc_text or "",
        )
        return msgspec.json.encode(line).decode()


def _is_wanted(record: logging.LogRecord) -> bool:
    if record.exc_info and isinstance(record.exc_info[1], CancelledError):
        # uvicorn's trace for each stream that it cuts when the server stops.
        return False
    if record.name == "uvicorn.error" and record.msg == _CUT:
        # Listeners there nearly always are; it is no error to stop all the same.
        return False
    if record.name == "uvicorn.error" and record.msg == _INCOMPLETE:
        # A stream that breaks off is left so, and why has been logged; its listeners are many.
        return False
    return record.levelno >= logging.WARNING or record.name.startswith(_OUR_LOGGERS)


def _safe(text: str) -> str:
    """Strike credentials, and what UTF-8 cannot say: file names may hold single surrogates."""
    return redact(text).encode("utf-8", "backslashreplace").decode()


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(lambda match: repr(match[0])[1:-1], text)


def _quoted(value: str) -> str:
    """Write a value so that it cannot pass for two."""
    return value if _BARE.fullmatch(value) else f'"{_printable(value).replace(chr(34), chr(39))}"'
