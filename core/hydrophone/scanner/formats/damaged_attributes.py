# mypy: untyped-calls-exclude=mutagen
"""Attributes of Windows Media that are damaged: what stands before the damage is read.

Mutagen refuses the whole file, whose audio is sound. It knows the parts of a header by one table,
so this is for the whole process.
"""

import struct
from contextlib import suppress
from typing import Any

from mutagen import MutagenError
from mutagen.asf import _objects


def read_before_damage() -> None:
    """Have Mutagen read the parts that hold tags as far as they can be understood."""
    for part in (
        _objects.ContentDescriptionObject,
        _objects.ExtendedContentDescriptionObject,
        _objects.HeaderExtensionObject,
        _objects.MetadataObject,
        _objects.MetadataLibraryObject,
    ):
        _objects.BaseObject._register(type(part.__name__, (_Lenient, part), {}))  # noqa: SLF001 - there is no other way


class _Lenient:
    def parse(self, asf: Any, data: bytes) -> None:  # noqa: ANN401 - Mutagen's method
        with suppress(MutagenError, LookupError, ValueError, struct.error):
            super().parse(asf, data)  # type: ignore[misc] # Mutagen's
