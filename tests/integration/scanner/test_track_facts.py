"""What the row of a track has of its document: the same, whoever has written it."""

import msgspec
from sqlalchemy import Connection, select

from hydrophone.domain.music import Track
from hydrophone.storage.queries.track_facts import facts_of
from hydrophone.storage.tables.music import track
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.scanned_library import ScannedLibrary


def _rows(connection: Connection) -> list[tuple[Track, dict[str, object]]]:
    found = connection.execute(select(track)).mappings().all()
    things = [msgspec.json.decode(row["document"], type=Track) for row in found]
    return [
        (thing, {name: row[name] for name in facts_of(thing)})
        for thing, row in zip(things, found, strict=True)
    ]


def test_facts_follow_the_pictures_and_tags_of_an_album(library: ScannedLibrary) -> None:
    library.album("Can/Ege", genre="Krautrock", comment="of the tape")
    library.scan()
    before = library.query(_rows)
    assert before
    assert all(facts == facts_of(thing) for thing, facts in before)
    assert {(facts["genre_key"], facts["has_artwork"]) for _, facts in before} == {
        ("krautrock", False)
    }
    (library.root / "Can/Ege/cover.jpg").write_bytes(make_picture(color="red"))
    library.scan()
    after = library.query(_rows)
    assert all(facts == facts_of(thing) for thing, facts in after)
    assert {facts["has_artwork"] for _, facts in after} == {True}
