"""The child: `python -m hydrophone.sandbox module:function memory`, started by a `Worker`."""

import gc
import importlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, get_type_hints

import msgspec

from hydrophone.errors import MediaError
from hydrophone.sandbox.frames import ANSWERED, FAILED, LENGTH, frame
from hydrophone.sandbox.parent_death import die_with_parent

_LONGEST_REASON = 500


def main(target: str, memory: int) -> None:
    """Answer requests until the parent closes the pipe, or dies."""
    requests, answers = _take_pipes()
    _restrain(memory)
    function = _load(target)
    gc.freeze()  # no garbage is to be looked for in what was imported
    argument = next(iter(get_type_hints(function).values()))
    decode = msgspec.msgpack.Decoder(argument).decode
    with suppress(BrokenPipeError):
        answers.write(frame())
        while len(length := requests.read(LENGTH)) == LENGTH:
            request = requests.read(int.from_bytes(length, "big"))
            answers.write(_answer(function, decode, request))


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from where libraries read and print: a print would break a frame."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _restrain(memory: int) -> None:
    """Limit what a hostile file can do, and never outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    die_with_parent()  # if hung, it would not see the end of its pipe
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load(target: str) -> Callable[[Any], object]:
    module, _, name = target.partition(":")
    function: Callable[[Any], object] = getattr(importlib.import_module(module), name)
    return function


def _answer(
    function: Callable[[Any], object], decode: Callable[[bytes], Any], data: bytes
) -> bytes:
    try:
        return frame(ANSWERED, msgspec.msgpack.encode(function(decode(data))))
    except MediaError as error:
        reason = str(error)
    except MemoryError:
        reason = "needs more memory than it may take"
    except Exception:  # noqa: BLE001 - the border: any failure is one item's
        traceback.print_exc()
        reason = "cannot be understood, or is damaged"
    return frame(FAILED, reason[:_LONGEST_REASON].encode("utf-8", "backslashreplace"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
