"""The items of the emulated Archive."""

import unicodedata
from typing import Any

from archive_emulator.items import EmulatedItem, audio, clock, item

BARTON = ("New Minglewood Blues", "Loser", "El Paso", "They Love Each Other", "Jack Straw", "Deal")
SECOND = ("Scarlet Begonias", "Fire on the Mountain", "Morning Dew")
DEAD: dict[str, Any] = {
    "mediatype": "etree",
    "collection": ["GratefulDead", "etree"],
    "creator": "Grateful Dead",
}
CORNELL: dict[str, Any] = {
    **DEAD,
    "title": "Grateful Dead Live at Barton Hall, Cornell University on 1977-05-08",
    "date": "1977-05-08",
    "year": "1977",
    "venue": "Barton Hall, Cornell University",
    "coverage": "Ithaca, NY",
}
GARCIA: dict[str, Any] = {
    "mediatype": "etree",
    "collection": ["JerryGarcia", "etree"],
    "creator": ["Jerry Garcia Band", "Jerry Garcia"],
    "date": "1978-03-18",
    "venue": "Warner Theatre",
    "coverage": "Washington, DC",
}
NETLABEL: dict[str, Any] = {
    "mediatype": "audio",
    "collection": "netlabels",
    "creator": "Frozen Harbour",
    "date": "2009-02-01",
    "licenseurl": "http://creativecommons.org/licenses/by-nc-sa/3.0/",
}


def _bands() -> list[EmulatedItem]:
    names = {"GratefulDead": "Grateful Dead", "JerryGarcia": "Jerry Garcia", "Sigur": "Sigur Rós"}
    names |= {"StringCheese": "The String Cheese Incident", "TheQuietOnes": "The Quiet Ones"}
    return [
        EmulatedItem(
            identifier,
            {"mediatype": "collection", "collection": ["etree"], "title": title, "creator": title},
        )
        for identifier, title in names.items()
    ]


def _cornell() -> list[EmulatedItem]:
    """One night in five recordings."""
    return [
        item(
            "gd1977-05-08.shure57.stevenson.29303.flac16",
            BARTON + SECOND,
            tone=3,
            **CORNELL,
            source="AUD > Shure SM57 mics > Sony TC-152",
            taper="Stevenson",
            lineage="Cassette > DAT > CD > EAC > FLAC",
            found={"avg_rating": "4.10", "num_reviews": 12, "downloads": 90000},
        ),
        item(
            "gd77-05-08.sbd.hicks.4982.sbeok.shnf",
            BARTON + SECOND,
            upload="Shorten",
            derived=("VBR MP3", "Ogg Vorbis", "64Kbps MP3"),
            named=lambda name, place: f"gd77-05-08eaton-d{1 + place // 7}t{place:02}",
            track=str,
            length=clock,
            **CORNELL,
            source="Soundboard",
            transferer="Rob Eaton",
            found={"avg_rating": 4.78, "num_reviews": 350, "downloads": "1200000"},
        ),
        item(
            "gd1977-05-08.mtx.seamons.95500.flac16",
            BARTON + SECOND,
            cover="cover.jpg",
            **CORNELL | {"venue": "Barton Hall - Cornell U."},
            source=["Matrix:", "SBD + AUD"],
            taper="Jay Ashley (AUD)",
            notes="<p>Please share freely.<br/>Do not sell.</p>",
            found={"avg_rating": 4.9, "num_reviews": 80, "downloads": 300000},
        ),
        item(
            "gd1977-05-08.sbd.part.1111.flac16",
            SECOND[:1],
            **CORNELL,
            source="SBD > Reel",
            found={"avg_rating": 5.0, "num_reviews": 500, "downloads": 5000},
        ),
        item(
            "gd1977-05-08.111493.fm.remaster.flac24",
            BARTON + SECOND,
            upload="24bit Flac",
            **CORNELL | {"venue": None, "coverage": None},
            source="FM broadcast, remastered",
            found={"downloads": 10},
        ),
    ]


def _junk_dates() -> list[EmulatedItem]:
    """What people have written into dates."""
    dates = {
        "gd1977-05-09.sbd.2222": "1977-05-09T00:00:00Z",
        "gd1977-05-13.swapped.3333": "1977-13-05",
        "gd1977-05-14.zero.4444": "0000-01-01T00:00:00Z",
        "gd77-00-00.unknown.5555": "1977-00-00",
        "gd77-05-15.none.6666": None,
        "gd-sometime.sbd.7777": None,
        "gd1978-02-xx.aud.8888": "1978-02-31",
    }
    return [
        item(
            identifier,
            ("Estimated Prophet", "Eyes of the World"),
            tone=place,
            **DEAD,
            title=f"Grateful Dead Live in {identifier.partition('.')[0]}",
            date=date,
        )
        for place, (identifier, date) in enumerate(dates.items())
    ]


def _shows() -> list[EmulatedItem]:
    """Two shows on a day, and two bands' worth of places."""
    return [
        item(
            f"jgb1978-03-18.{show}.sbd.{number}.flac16",
            ("Mission in the Rain", "Cats Under the Stars"),
            track=lambda place: f"{place}/2",
            **GARCIA,
            title=f"Jerry Garcia Band Live at Warner Theatre on 1978-03-18 ({show} show)",
        )
        for show, number in (("early", 9001), ("late", 9002))
    ] + [
        item(
            f"sci2000-07-04.{place}.flac16",
            ("Rivertrance", "Texas"),
            track=lambda number: f"d1t{number:02}",
            mediatype="etree",
            collection=["StringCheese", "etree"],
            creator="The String Cheese Incident",
            title=f"The String Cheese Incident Live at {venue} on 2000-07-04",
            date="2000-07-04",
            venue=venue,
        )
        for place, venue in (
            ("radio", "KBCO Studio C"),
            ("redrocks", "Red Rocks Amphitheatre"),
            ("redrocks2", "Red Rocks"),
        )
    ]


def _names() -> list[EmulatedItem]:
    """Names of files and titles that need care."""
    odd = item(
        "Sigur2003-06-01",
        ("", "", ""),
        named=lambda name, place: unicodedata.normalize(
            "NFD", ("01 Ágætis byrjun", "02 50% #1 hit?", "disc 2/03 Svefn+g & englar")[place - 1]
        ),
        track=lambda place: None,
        length=lambda seconds: f"00:00:{seconds:05.2f}",
        mediatype="etree",
        collection=["etree", "Sigur", "fav-somebody"],
        creator=unicodedata.normalize("NFD", "Sigur Rós"),
        title=unicodedata.normalize("NFD", "Sigur Rós Live at Fríkirkjan on 2003-06-01"),
        date=["2003-06-01"],
        venue="Fríkirkjan",
    )
    described = item(
        "gd1980-10-31.sbd.1000.flac16",
        ("", "", ""),
        **DEAD,
        title="Grateful Dead Live at Radio City on 1980-10-31",
        date="1980-10-31",
        venue="Radio City Music Hall",
        description="<div>Disc 1<br/>1. Dire Wolf [3:20]<br/>2. To Lay Me Down 8:53"
        "</div><div>3) Heaven Help the Fool &amp; more</div>",
    )
    in_text = item(
        "gd1981-03-28.aud.1001.flac16",
        ("", ""),
        **DEAD,
        title="Grateful Dead Live in Essen on 1981-03-28",
        date="1981-03-28",
        venue="Grugahalle",
        description="A fine evening.",
    )
    in_text.add(
        "gd1981-03-28.txt",
        b"Grateful Dead\nEssen\n\nd1t01 - Jack Straw\nd1t02 - Sugaree 12:01\n",
        source="original",
        format="Text",
    )
    unsorted = item(
        "gd1982-04-06.aud.1002.flac16",
        tuple(f"Jam {number}" for number in range(1, 12)),
        named=lambda name, place: f"jam{place}",
        track=lambda place: "1",
        derived=("VBR MP3",),
        **DEAD,
        title="Grateful Dead Live at Spectrum on 1982-04-06",
        date="1982-04-06",
        venue="Spectrum",
    )
    return [odd, described, in_text, unsorted]


def _refused() -> list[EmulatedItem]:
    """What is listed and not given, or not to everybody."""
    quiet: dict[str, Any] = {"mediatype": "etree", "creator": "The Quiet Ones"}
    streamed = item(
        "tqo2005-01-01.sbd.flac16",
        ("Hush", "Whisper"),
        **quiet,
        collection=["TheQuietOnes", "etree", "stream_only"],
        title="The Quiet Ones Live at Mill on 2005-01-01",
        date="2005-01-01",
        venue="Mill",
    )
    streamed.refused = frozenset(name for name in streamed.content if name.endswith(".flac"))
    surprising = item(
        "tqo2005-01-02.sbd.flac16",
        ("Hush", "Whisper"),
        **quiet,
        collection=["TheQuietOnes", "etree"],
        title="The Quiet Ones Live at Mill on 2005-01-02",
        date="2005-01-02",
        venue="Mill",
    )
    surprising.refused = frozenset(name for name in surprising.content if name.endswith(".flac"))
    private = item(
        "tqo2005-01-03.sbd.flac16",
        ("Hush",),
        entry={"private": "true"},
        **quiet,
        collection=["TheQuietOnes", "etree"],
        title="The Quiet Ones Live at Mill on 2005-01-03",
        date="2005-01-03",
    )
    restricted = item(
        "tqo2005-01-04.sbd.flac16",
        ("Hush",),
        **quiet,
        collection=["TheQuietOnes", "etree"],
        title="The Quiet Ones Live at Mill on 2005-01-04",
        date="2005-01-04",
    )
    restricted.metadata["access-restricted-item"] = "true"
    dark = EmulatedItem(
        "tqo2005-01-05.sbd.flac16",
        {
            **quiet,
            "collection": ["TheQuietOnes", "etree"],
            "title": "The Quiet Ones Live at Mill on 2005-01-05",
            "date": "2005-01-05",
        },
        is_dark=True,
    )
    shorten = item(
        "tqo2005-01-06.shnf",
        ("Hush",),
        upload="Shorten",
        derived=(),
        **quiet,
        collection=["TheQuietOnes", "etree"],
        title="The Quiet Ones Live at Mill on 2005-01-06",
        date="2005-01-06",
    )
    return [streamed, surprising, private, restricted, dark, shorten]


def _other_collections() -> list[EmulatedItem]:
    """Releases, of which two on a day are two."""
    tape = item(
        "fh-tape",
        ("Pier",),
        upload="WAVE",
        derived=("VBR MP3",),
        **NETLABEL,
        title="Tape",
    )
    # Uploaded in two formats, which are one track.
    tape.add(
        tape.entries[0]["name"].removesuffix(".wav") + ".flac",
        audio("Flac", 2.0, 1),
        source="original",
        format="Flac",
        title="Pier",
        track="01",
        length="2.00",
    )
    return [
        item("fh-ice", ("Ice", "Thaw"), upload="VBR MP3", derived=(), **NETLABEL, title="Ice"),
        tape,
        item(
            "fh-guests",
            ("Two of Us",),
            derived=("Ogg Vorbis",),
            **NETLABEL | {"creator": ["Frozen Harbour", "Lamp"], "date": "2010"},
            title=["Guests", "Guests (again)"],
        ),
    ]


def all_items() -> list[EmulatedItem]:
    """Make all items anew."""
    return [
        *_bands(),
        *_cornell(),
        *_junk_dates(),
        *_shows(),
        *_names(),
        *_refused(),
        *_other_collections(),
    ]
