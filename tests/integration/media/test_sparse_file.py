"""Parts of downloads: any order, whole again after a crash, never more than there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hydrophone.domain.units import ByteCount
from hydrophone.media.sparse_file import PartMap, SparseFile, map_path

pytestmark = pytest.mark.anyio


@pytest.fixture
async def part(tmp_path: Path) -> AsyncIterator[SparseFile]:
    file = SparseFile(tmp_path / "parts" / "a.part")
    await file.open("v1")
    yield file
    file.close()


async def test_reads_what_was_written_at_any_place(part: SparseFile) -> None:
    await part.write(6, b"music")
    await part.write(0, b"sea of")
    assert await part.read(0, 100) == b"sea ofmusic"
    assert part.spans.pairs == ((0, 11),)


async def test_goes_on_behind_a_checkpoint(part: SparseFile) -> None:
    await part.write(0, b"one")
    await part.checkpoint(PartMap(representation="v1", validator="x", size=ByteCount(9)))
    await part.write(3, b"two")
    part.close()
    again = SparseFile(part.path)
    known = await again.open("v1")
    again.close()
    assert (known.validator, known.size, again.spans.pairs) == ("x", 9, ((0, 3),))


async def test_drops_what_is_of_other_bytes(part: SparseFile) -> None:
    await part.write(0, b"one")
    await part.checkpoint(PartMap(representation="v1"))
    part.close()
    again = SparseFile(part.path)
    await again.open("v2")
    again.close()
    assert again.spans.total == 0
    assert part.path.stat().st_size == 0
    assert not map_path(part.path).exists()


@pytest.mark.parametrize(
    "damage", [b"", b"{", b'{"representation":"v1","spans":[[0,99]]}', b'{"spans":1}']
)
async def test_believes_no_map_that_cannot_be(part: SparseFile, damage: bytes) -> None:
    await part.write(0, b"one")
    await part.checkpoint(PartMap(representation="v1"))
    map_path(part.path).write_bytes(damage)
    part.close()
    again = SparseFile(part.path)
    await again.open("v1")
    again.close()
    assert again.spans.total == 0
