"""One name for each tag, and what the tag systems call it: the table `mapping.csv`.

Names and keys are those of MusicBrainz Picard
(https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html), followed by the spellings
that other taggers write. In each cell the first key is the preferred one: a reader takes the
first that has a value, the testing kit writes it.

- ID3: a frame, or `TXXX:description`; `UFID:owner`; `TIPL:function`; `RVA2:kind:value`.
- Vorbis: a field name. VERSION is not among those of an edition: it tells tracks of one album
  apart (Vorbis comment specification).
- MP4: an atom, or `----:name` for a free-form atom of any vendor.
- APEv2: the key of an item.
- ASF: the name of an attribute.
- INFO: a chunk of the RIFF list `INFO` (WAV), or a text chunk of AIFF.

Readers compare keys without case; they stand there as Picard writes them.
"""

from pathlib import Path
from typing import NamedTuple


class Keys(NamedTuple):
    """What the tag systems call one tag; each in order of preference, empty if unknown there."""

    id3: tuple[str, ...]
    vorbis: tuple[str, ...]
    mp4: tuple[str, ...]
    ape: tuple[str, ...]
    asf: tuple[str, ...]
    info: tuple[str, ...]


def _row(line: str) -> tuple[str, Keys]:
    name, *cells = line.split(",")
    return name, Keys(*(tuple(cell.split("|")) if cell else () for cell in cells))


# Not by importlib.resources, whose import is nearly a tenth of the start of a parse worker.
_LINES = Path(__file__).with_name("mapping.csv").read_text(encoding="utf-8").splitlines()

TAGS = dict(map(_row, _LINES[1:]))
"""From each tag's name to its keys."""
