"""How these tests search, and names in every script to search among."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from hydrophone.storage import search_index
from hydrophone.storage.search_index import Kind
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.testing.factories import make_album, make_artist, make_track

FOUND_BY = [
    ("कहानी", "कहानी"),
    ("कहानी", "कहा"),
    ("Björk", "bjork"),
    ("Jóga", "joga"),
    ("AC/DC", "ac dc"),
    ("AC/DC", "ac/dc"),
    ("AC/DC", "AC/DC"),
    ("AC/DC", "acdc"),
    ("Don't Stop", "don't"),
    ("Don\N{RIGHT SINGLE QUOTATION MARK}t Stop", "don't"),
    ("Don't Stop", "don\N{RIGHT SINGLE QUOTATION MARK}t"),
    ("Don't Stop", "dont"),
    ("Don\N{RIGHT SINGLE QUOTATION MARK}t Stop", "dont"),
    ("R.E.M.", "R.E.M."),
    ("R.E.M.", "rem"),
    ("Sigur Rós", "sigur ros"),
    ("東京事変", "東京"),
    ("群青", "群青"),
    ("YOASOBI 群青", "群青"),
    ("宇多田ヒカル", "ヒカル"),
    ("Кино", "kino"),
    ("Кино", "кино"),
    ("فيروز", "fyrwz"),
    ("فيروز", "فيروز"),
    *((pointed, typed) for pointed in ("مُحَمَّد", "محـــمد") for typed in ("محمد", "مُحَمَّد", "mhmd")),
    *((pointed, "שלום") for pointed in ("שָׁלוֹם", "שׁלום", "שלום")),
    ("شيرين", "شیرین"),
    ("أم كلثوم", "ام كلثوم"),
    ("ام كلثوم", "أم كلثوم"),
    ("آمال ماهر", "امال"),
    ("إليسا", "اليسا"),
    ("مؤمن", "مومن"),
    ("فرقة", "فرقه"),
    ("ليلى", "ليلي"),
    ("کامکار", "كامكار"),
    ("봄날", "봄날"),
    ("봄날", "bomnal"),
    ("ลูกทุ่ง", "ลูก"),
    ("ลูกทุ่ง", "ทุ่ง"),
    ("P!nk", "P!nk"),
    ("P!nk", "pink"),
    ("Motörhead", "motorhead"),
    ("99 Luftballons", "99 luft"),
    ("!!!", "!!!"),
    ("+/-", "+/-"),
    ("∆", "∆"),
    ("Straße", "strasse"),
    ("Ἀθήνα", "αθηνα"),
    ("ﬁnale", "finale"),
]
NOISE = ["Other", "Something Else", "Ганг", "夜", "여름", "हम", "--", "?", "Abba", "Zz Top 12"]


def row_of(connection: Connection, kind: Kind, name: str) -> int:
    """Return the row of what the factories make of a name."""
    table, identifier = {
        "artist": (artist, make_artist(name).id),
        "album": (album, make_album(name).id),
        "track": (track, make_track(name).id),
    }[kind]
    statement = select(table.c.row).where(table.c.id == identifier)
    return int(connection.execute(statement).scalar_one())


def find(
    connection: Connection,
    query: str,
    *,
    kind: Kind = "track",
    libraries: Iterable[int] = (1,),
    offset: int = 0,
    limit: int = 200,
) -> list[int]:
    return search_index.find(
        connection, kind, query, libraries=tuple(libraries), offset=offset, limit=limit
    )
