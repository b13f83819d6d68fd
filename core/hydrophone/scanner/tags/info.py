"""Texts of WAV (the RIFF list `INFO`) and AIFF (`NAME`, `AUTH`, `ANNO`)."""

from collections.abc import Iterable
from itertools import islice

from hydrophone.scanner.tags.texts import Texts, reader_of

_MAX_CHUNKS = 256

_by_our_names = reader_of(lambda keys: keys.info)


def read_info_texts(chunks: Iterable[tuple[str, bytes]]) -> Texts:
    """Return all texts under our names. No encoding is told: UTF-8, else that of old Windows."""
    native: dict[str, list[str]] = {}
    for name, data in islice(chunks, _MAX_CHUNKS):
        text = data.partition(b"\x00")[0]
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError:
            decoded = text.decode("cp1252", "replace")
        native.setdefault(name.upper(), []).append(decoded)
    return _by_our_names(native)
