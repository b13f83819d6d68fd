"""ID3 as it is found in old and odd MP3 files."""

from pathlib import Path

import pytest
from mutagen import id3

from hydrophone.domain.music import PartialDate, ReplayGain
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import Credit, ParsedFile, RoleCredit
from hydrophone.testing.audio_files import make_audio, make_picture

Frame = id3.Frame


def parse(path: Path) -> ParsedFile:
    return parse_file(bytes(path))


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    return make_audio(tmp_path / "a.mp3")


def save(path: Path, *frames: Frame, version: int = 4) -> ParsedFile:
    tags = id3.ID3()
    for frame in frames:
        tags.add(frame)
    if version == 3:
        tags.update_to_v23()
    tags.save(path, v2_version=version, v23_sep=None)
    return parse(path)


def test_v23_keeps_its_slashes_and_its_dates(mp3: Path) -> None:
    parsed = save(
        mp3,
        id3.TPE1(encoding=1, text="AC/DC"),
        id3.TDRC(encoding=0, text="1999-03-07"),
        id3.TDOR(encoding=0, text="1998"),
        id3.TIPL(encoding=1, people=[["producer", "Jo"]]),
        version=3,
    )
    assert parsed.artists == (Credit(name="AC/DC"),)
    assert parsed.release_date == PartialDate(year=1999, month=3, day=7)
    assert parsed.original_date == PartialDate(year=1998)
    assert parsed.contributors == (RoleCredit(role="producer", credit=Credit(name="Jo")),)


def test_v23_joins_ids_by_slashes(mp3: Path) -> None:
    ids = ["b1a9c0e9-d987-4042-ae91-78d6a3267d69", "db92a151-1ac2-438b-bc43-b82e149ddd50"]
    parsed = save(
        mp3,
        id3.TXXX(encoding=1, desc="ARTISTS", text=["Queen", "David Bowie"]),
        id3.TXXX(encoding=1, desc="MusicBrainz Artist Id", text="/".join(ids)),
    )
    assert [credit.musicbrainz_id for credit in parsed.artists] == ids


def test_v22(mp3: Path) -> None:
    def frame(name: bytes, body: bytes) -> bytes:
        return name + len(body).to_bytes(3, "big") + body

    picture = b"\x00JPG\x03\x00" + make_picture()
    body = frame(b"TT2", b"\x00Caf\xe9") + frame(b"TP1", b"\x01" + "Кино".encode("utf-16"))
    body += frame(b"TRK", b"\x003/9") + frame(b"TCO", b"\x00(17)") + frame(b"PIC", picture)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    mp3.write_bytes(b"ID3\x02\x00\x00" + size + body + mp3.read_bytes())
    parsed = parse(mp3)
    assert (parsed.title, parsed.artists) == ("Café", (Credit(name="Кино"),))
    assert (parsed.track_number, parsed.genres) == (3, ("Rock",))
    assert parsed.picture


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("17", ("Rock",)),
        ("(17)", ("Rock",)),
        ("(17)(13)", ("Rock", "Pop")),
        ("(4)Eurodisco", ("Disco", "Eurodisco")),
        ("Drum & Bass", ("Drum & Bass",)),
        ("(999)", ("Unknown",)),
    ],
)
def test_genres_by_number(mp3: Path, text: str, genres: tuple[str, ...]) -> None:
    assert save(mp3, id3.TCON(encoding=3, text=text)).genres == genres


def test_people_and_their_parts(mp3: Path) -> None:
    people = [["violin", "Jo"], ["", "Mo"]]
    parsed = save(
        mp3,
        id3.TMCL(encoding=3, people=people),
        id3.TIPL(encoding=3, people=[["DJ-mix", "Flo"], ["caterer", "Bo"]]),
    )
    assert parsed.contributors == (
        RoleCredit(role="djmixer", credit=Credit(name="Flo")),
        RoleCredit(role="performer", sub_role="violin", credit=Credit(name="Jo")),
        RoleCredit(role="performer", credit=Credit(name="Mo")),
    )


def test_the_comment_is_the_one_without_a_description(mp3: Path) -> None:
    parsed = save(
        mp3,
        id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text="000002AF"),
        id3.COMM(encoding=3, lang="eng", desc="note", text="A note"),
        id3.COMM(encoding=3, lang="deu", desc="", text="Ein Kommentar"),
    )
    assert parsed.comment == "Ein Kommentar"


def test_synchronised_lyrics_become_lrc(mp3: Path) -> None:
    lines = [("First line", 1_500), ("Second line", 3_600_000 + 62_345)]
    parsed = save(
        mp3,
        id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=lines),
        id3.USLT(encoding=3, lang="eng", desc="", text="Plain"),
    )
    assert parsed.lyrics == (
        "[la:eng]\n[00:01.50]First line\n[61:02.34]Second line",
        "[la:eng]\nPlain",
    )


def test_syllables_are_joined_to_lines_and_keep_their_times(mp3: Path) -> None:
    syllables = [("Mm ", 1_000), ("ba", 1_200), ("\nUm ", 2_000), ("bum", 2_200)]
    parsed = save(mp3, id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=syllables))
    assert parsed.lyrics == (
        "[la:eng]\n[00:01.00]<00:01.00>Mm <00:01.20>ba\n[00:02.00]<00:02.00>Um <00:02.20>bum",
    )


def test_lyrics_timed_by_frames_are_passed_over(mp3: Path) -> None:
    lines = [("First line", 15)]
    parsed = save(
        mp3,
        id3.SYLT(encoding=3, lang="eng", format=1, type=1, desc="", text=lines),
        id3.USLT(encoding=3, lang="eng", desc="", text="Plain"),
    )
    assert parsed.lyrics == ("[la:eng]\nPlain",)


def test_front_cover_is_preferred(mp3: Path) -> None:
    def picture(kind: int, data: bytes) -> Frame:
        return id3.APIC(encoding=3, mime="image/png", type=kind, desc=str(kind), data=data)

    red, blue, green = (make_picture(color=color) for color in ("red", "blue", "green"))
    front = save(mp3, picture(3, red)).picture
    assert save(mp3, picture(4, blue), picture(3, red), picture(0, green)).picture == front
    back = save(mp3, picture(4, blue)).picture
    assert back not in {front, ""}
    # What is not shown stands for nothing that is.
    other = save(mp3, picture(3, b"no picture"), picture(4, blue))
    assert (other.picture, other.picture_remark) == (back, "")


def test_a_link_is_no_picture(mp3: Path) -> None:
    link = id3.APIC(encoding=0, mime="-->", type=3, desc="", data=b"http://example.com/a.png")
    assert save(mp3, link).picture == ""


def test_broken_tags_do_not_hide_the_audio(mp3: Path) -> None:
    bare = parse(mp3)
    mp3.write_bytes(b"ID3\x04\x00\x0f\x00\x00\x00\x20" + b"\xee" * 32 + mp3.read_bytes())
    assert parse(mp3).fingerprint == bare.fingerprint
    assert parse(mp3).title == ""


def test_gains_of_a_frame_of_their_own(mp3: Path) -> None:
    parsed = save(
        mp3,
        id3.RVA2(desc="track", channel=1, gain=-3.5, peak=0.5),
        id3.RVA2(desc="album", channel=2, gain=9.0, peak=0.0),
        id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text=" 000007D0 00000001"),
    )
    assert parsed.replay_gain == ReplayGain(track_gain=-3.5, track_peak=0.5)


def test_sound_check_serves_where_no_gain_is(mp3: Path) -> None:
    frame = id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text=" 000007D0 00000001")
    assert save(mp3, frame).replay_gain == ReplayGain(track_gain=-3.01)


def test_musicians_among_the_people_of_v23(mp3: Path) -> None:
    tags = id3.ID3()
    tags.add(id3.IPLS(encoding=1, people=[["guitar", "Jo"], ["producer", "Flo"]]))
    tags.save(mp3, v2_version=3)
    assert [(one.role, one.sub_role, one.credit.name) for one in parse(mp3).contributors] == [
        ("producer", "", "Flo"),
        ("performer", "guitar", "Jo"),
    ]


def test_dates_of_v23(mp3: Path) -> None:
    tags = id3.ID3()
    tags.add(id3.TYER(encoding=0, text="1999"))
    tags.add(id3.TDAT(encoding=0, text="2412"))
    tags.add(id3.TORY(encoding=0, text="1985"))
    tags.save(mp3, v2_version=3)
    parsed = parse(mp3)
    assert parsed.release_date == PartialDate(year=1999, month=12, day=24)
    assert parsed.original_date == PartialDate(year=1985)


def test_sides_of_a_record(mp3: Path) -> None:
    parsed = save(mp3, id3.TRCK(encoding=0, text="B2/5"))
    assert (parsed.track_number, parsed.track_total, parsed.disc_number) == (2, 5, 2)
    parsed = save(mp3, id3.TRCK(encoding=0, text="B2"), id3.TPOS(encoding=0, text="1/2"))
    assert (parsed.disc_number, parsed.disc_total) == (1, 2)


def test_ids_of_several_artists_in_one_text_are_not_lost(mp3: Path) -> None:
    ids = "b1a9c0e9-d987-4042-ae91-78d6a3267d69/db92a151-1ac2-438b-bc43-b82e149ddd50"
    parsed = save(
        mp3,
        id3.TPE1(encoding=3, text="A feat. B"),
        id3.TXXX(encoding=3, desc="MusicBrainz Artist Id", text=ids),
    )
    assert parsed.artists == (Credit(name="A feat. B"),)
    assert parsed.unpaired_artist_ids == tuple(ids.split("/"))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2001-05", PartialDate(year=2001, month=5)),
        ("20010503", PartialDate(year=2001, month=5, day=3)),
        ("2001-05-03T10:11", PartialDate(year=2001, month=5, day=3)),
        ("03.05.2001", PartialDate(year=2001)),
        ("c. 1999", PartialDate(year=1999)),
        ("(1999)", PartialDate(year=1999)),
        ("199x", None),
    ],
)
def test_dates_as_people_write_them(mp3: Path, text: str, date: PartialDate | None) -> None:
    def frame(name: bytes, version: int) -> bytes:
        # By hand: mutagen writes what it has understood only.
        body = name + len(text + " ").to_bytes(4, "big") + b"\x00\x00\x00" + text.encode()
        return b"ID3" + bytes([version, 0, 0, 0, 0, 0, len(body)]) + body

    audio = mp3.read_bytes()
    for year, original, version in ((b"TYER", b"TORY", 3), (b"TDRC", b"TDOR", 4)):
        mp3.write_bytes(frame(year, version) + audio)
        assert parse(mp3).release_date == date
        mp3.write_bytes(frame(original, version) + audio)
        assert parse(mp3).original_date == date


def test_a_date_without_a_year_hides_no_other(mp3: Path) -> None:
    parsed = save(
        mp3,
        id3.TDRL(encoding=3, text="0000"),
        id3.TDRC(encoding=3, text="1999"),
        id3.TDOR(encoding=3, text="0000"),
        id3.TXXX(encoding=3, desc="ORIGINALYEAR", text="1978"),
    )
    assert parsed.release_date == PartialDate(year=1999)
    assert parsed.original_date == PartialDate(year=1978)


def test_the_year_keeps_its_day_and_goes_behind_a_date(mp3: Path) -> None:
    day = save(mp3, id3.TYER(encoding=0, text="2001"), id3.TDAT(encoding=0, text="0305"), version=3)
    assert day.release_date == PartialDate(year=2001, month=5, day=3)
    both = save(mp3, id3.TYER(encoding=0, text="2001"), id3.TDRC(encoding=0, text="1999-02"))
    assert both.release_date == PartialDate(year=1999, month=2)


def test_what_picard_calls_otherwise_in_v23(mp3: Path) -> None:
    class XSOP(id3.TextFrame):
        pass

    class XDOR(id3.TextFrame):
        pass

    parsed = save(
        mp3,
        id3.TPE1(encoding=1, text="The Foo"),
        XSOP(encoding=1, text="Foo, The"),  # type: ignore[no-untyped-call] # Mutagen's
        XDOR(encoding=1, text="1970-02-03"),  # type: ignore[no-untyped-call] # Mutagen's
        version=3,
    )
    assert parsed.artists == (Credit(name="The Foo", sort_name="Foo, The"),)
    assert parsed.original_date == PartialDate(year=1970, month=2, day=3)


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        (["Queen/David Bowie"], ["Queen", "David Bowie"]),
        (["Queen", "AC/DC"], ["Queen", "AC/DC"]),
        (["Queen/AC/DC"], ["Queen/AC/DC"]),
    ],
)
def test_v23_joins_lists_by_slashes(mp3: Path, listed: list[str], names: list[str]) -> None:
    ids = ["b1a9c0e9-d987-4042-ae91-78d6a3267d69", "db92a151-1ac2-438b-bc43-b82e149ddd50"]
    parsed = save(
        mp3,
        id3.TPE1(encoding=1, text="Both of them"),
        id3.TXXX(encoding=1, desc="Artists", text=listed),
        id3.TXXX(encoding=1, desc="MusicBrainz Artist Id", text="/".join(ids)),
        version=3,
    )
    assert [credit.name for credit in parsed.artists] == names
    assert parsed.display_artist == "Both of them"


def test_a_slash_with_one_id_is_one_name(mp3: Path) -> None:
    ids = ["66c662b6-6e2f-4930-8610-912e24c63ed1"]
    parsed = save(
        mp3,
        id3.TXXX(encoding=1, desc="ARTISTS", text="AC/DC"),
        id3.TXXX(encoding=1, desc="MusicBrainz Artist Id", text=ids),
    )
    assert [credit.name for credit in parsed.artists] == ["AC/DC"]


@pytest.mark.parametrize("name", ["UNSYNCEDLYRICS", "Unsynced Lyrics"])
def test_lyrics_in_a_frame_for_anything(mp3: Path, name: str) -> None:
    assert save(mp3, id3.TXXX(encoding=3, desc=name, text="la la")).lyrics == ("la la",)
