"""Mapping of long lists in turns with everybody else's requests."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_STEP = 250
"""Songs that are mapped in about a millisecond."""


async def in_steps(
    convert: Callable[[T], R], items: Sequence[T], *, step: int = _STEP
) -> tuple[R, ...]:
    """Convert all items in their order; other tasks may run after each step of them."""
    converted: list[R] = []
    for start in range(0, len(items), step):
        if start:
            await asyncio.sleep(0)
        converted.extend(map(convert, items[start : start + step]))
    return tuple(converted)
