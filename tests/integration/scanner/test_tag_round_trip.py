"""Whatever a tagger writes comes back, in every format, as the table of tags says."""

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio
from hydrophone.testing.audio_tags import write_tags

KINDS = [kind for kind in (*ENCODERS, *BUILT) if kind not in {"alac", "aifc", "mpc8"}]

# No tag system can say NUL, and lone surrogates are no text; all else somebody may write.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=24)
FILLED = TEXT.filter(lambda text: expected(text) != "")
LISTS = st.lists(FILLED, min_size=1, max_size=3)
NAMES = {
    "title": "title",
    "album": "album",
    "titlesort": "sort_title",
    "albumversion": "edition",
}
MANY = {
    "mood": "moods",
    "label": "labels",
    "isrc": "isrcs",
}
TAGS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(NAMES, FILLED) | dict.fromkeys(MANY, LISTS) | {"artist": LISTS},
)


def expected(text: str) -> str:
    """Say what the server makes of a text: what XML and ids can take, NFC, stripped."""
    kept = "".join(c for c in text if ord(c) >= 32 or c in "\t\n\r" if c not in "\ufffe\uffff")
    return unicodedata.normalize("NFC", kept).strip()


def read(path: Path) -> ParsedFile:
    """Read a file as a worker does, which sends what it finds through a pipe."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(parse_file(bytes(path))), type=ParsedFile)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read(tmp_path: Path, kind: str) -> None:
    paths = [
        make_audio(tmp_path / f"{count}.{kind}", seconds=0.2, channels=count) for count in (1, 2)
    ]
    bare = {path: read(path) for path in paths}

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(TAGS, st.sampled_from(paths))
    def round_trip(tags: dict[str, str | list[str]], path: Path) -> None:
        write_tags(path, tags)
        parsed = read(path)
        for name, field in NAMES.items():
            assert getattr(parsed, field) == expected(str(tags.get(name, "")))
        for name, field in MANY.items():
            assert getattr(parsed, field) == tuple(map(expected, tags.get(name, ())))
        artists = tuple(map(expected, tags.get("artist", ())))
        assert tuple(credit.name for credit in parsed.artists) == artists
        assert (parsed.fingerprint, parsed.stream) == (bare[path].fingerprint, bare[path].stream)

    round_trip()
