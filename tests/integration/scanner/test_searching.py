"""What a scan leaves in the search index."""

import pytest
from sqlalchemy import Connection

from hydrophone.scanner import scan
from hydrophone.storage.search_index import KINDS
from hydrophone.testing.scanned_library import ScannedLibrary


def parts(connection: Connection) -> list[int]:
    """Return of how many parts the index of each kind is."""
    return [
        connection.exec_driver_sql(
            f"SELECT count(DISTINCT segid) FROM search_{kind}_idx"
        ).scalar_one()
        for kind in KINDS
    ]


def test_an_index_written_in_many_transactions_is_joined(
    library: ScannedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_MANY", 3)
    for number in range(2):
        library.album(f"Artist {number}/Album {number}", count=1)
        library.scan()
    assert library.query(parts) == [2, 2, 2], "too little to be worth it"
    library.album("Artist 3/Album 3", count=3)
    library.scan()
    assert library.query(parts) == [1, 1, 1]
