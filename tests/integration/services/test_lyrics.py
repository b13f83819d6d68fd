"""Words beside the music and in it, in several languages and with times."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from hydrophone.config import Config
from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.storage.queries.indexing import put_lyrics
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio


@pytest.fixture
def beside(config: Config, tracks: list[Track]) -> Path:
    """The path of the first track, without its suffix."""
    path = config.libraries[0].path / tracks[0].path
    path.parent.mkdir(parents=True)
    return path.with_suffix("")


def write(beside: Path, ending: str, text: str, encoding: str = "utf-8") -> None:
    beside.with_name(beside.name + ending).write_text(text, encoding)


def words(versions: tuple[Lyrics, ...]) -> list[tuple[str, bool, str]]:
    return [
        (one.language, one.is_synced, "|".join(line.text for line in one.lines)) for one in versions
    ]


async def test_files_go_before_tags_and_times_before_none(
    server: Server, anna: User, tracks: list[Track], beside: Path
) -> None:
    def embed(connection: Connection) -> None:
        texts = ("[la:eng]\n[00:01.00]tag", "[la:deu]\nWorte", "[la:eng]\nplain tag")
        put_lyrics(connection, {tracks[0].id: texts})

    await server.database.write(embed)
    write(beside, ".txt", "plain")
    write(beside, ".lrc", "[00:02.00]two\n[00:01.00]one", "utf-8-sig")
    write(beside, ".en.lrc", "[offset:100]\n[00:01.00]<00:01.00>en", "utf-16")
    write(beside, ".LRC.bak", "not this")
    write(beside, " 2.lrc", "[00:01.00]another song")
    found = await server.services.lyrics.of_track(anna, tracks[0].id)
    assert words(found) == [
        ("und", True, "one|two"),
        ("en", True, "en"),
        ("eng", True, "tag"),
        ("und", False, "plain"),
        ("deu", False, "Worte"),
        ("eng", False, "plain tag"),
    ]
    assert found[1].offset == 100
    assert found[0].display_title == "One"


async def test_words_in_an_old_code_page(
    server: Server, anna: User, tracks: list[Track], beside: Path
) -> None:
    write(beside, ".lrc", "[00:01.00]Zwölf Jäger für 5 €", "cp1252")
    write(beside, ".ru.lrc", "[00:01.00]Группа крови на рукаве\n[00:02.00]Пожелай мне", "cp1251")
    found = await server.services.lyrics.of_track(anna, tracks[0].id)
    assert words(found) == [
        ("und", True, "Zwölf Jäger für 5 €"),
        ("ru", True, "Группа крови на рукаве|Пожелай мне"),
    ]


async def test_without_words_there_are_none(
    server: Server, anna: User, tracks: list[Track], beside: Path
) -> None:
    write(beside, ".lrc", "[ar:Somebody]\n\n")
    assert await server.services.lyrics.of_track(anna, tracks[0].id) == ()
    with pytest.raises(NotFoundError):
        await server.services.lyrics.of_track(anna, "tr-nothing")


async def test_by_names(server: Server, anna: User, tracks: list[Track], beside: Path) -> None:
    write(beside, ".lrc", "[ti:x]\n[ar:y]\n[00:01.00]one")
    artist = tracks[0].display_artist
    found = await server.services.lyrics.find(anna, artist.upper(), "ONE")
    assert found is not None
    assert words((found,)) == [("und", True, "one")]
    assert (found.display_artist, found.display_title) == (artist, tracks[0].title)
    assert await server.services.lyrics.find(anna, "", "One") == found
    assert await server.services.lyrics.find(anna, "Somebody", "One") is None


async def test_by_the_credit_as_it_is_printed(server: Server, anna: User) -> None:
    """That is the `artist` of a song, which apps send."""
    track = msgspec.structs.replace(
        make_track("Duet", artist="Nina"), display_artist="Nina feat. Óscar"
    )

    def fill(connection: Connection) -> None:
        fill_library(connection, [track, make_track("Duet", artist="Another")])
        put_lyrics(connection, {track.id: ("La la",)})

    await server.database.write(fill)
    for artist in ("nina feat. oscar", "Nina"):
        found = await server.services.lyrics.find(anna, artist, "duet")
        assert found is not None
        assert words((found,)) == [("und", False, "La la")]
    assert await server.services.lyrics.find(anna, "Óscar", "duet") is None


async def test_words_with_times_only_for_who_asks(
    server: Server, anna: User, tracks: list[Track], beside: Path
) -> None:
    write(beside, ".lrc", "[la:en]\n[00:01.00]one two")
    write(
        beside,
        ".ttml",
        '<tt xml:lang="en"><body><p begin="1"><span begin="1">one</span> <span begin="2">two</span>'
        '<span role="x-translation" xml:lang="de">eins zwei</span></p></body></tt>',
    )
    lyrics = server.services.lyrics
    [plain] = await lyrics.of_track(anna, tracks[0].id)
    assert (words((plain,)), plain.cue_lines) == ([("en", True, "one two")], ())
    main, german = await lyrics.of_track(anna, tracks[0].id, enhanced=True)
    assert [cue.text for cue in main.cue_lines[0].cues] == ["one", "two"]
    assert (german.kind, german.language) == ("translation", "de")
    assert (await lyrics.find(anna, tracks[0].display_artist, "One")) == plain


async def test_ttml_in_a_tag_and_broken_ttml(
    server: Server, anna: User, tracks: list[Track], beside: Path
) -> None:
    def embed(connection: Connection) -> None:
        put_lyrics(connection, {tracks[0].id: ('<tt><body><p begin="1">tag</p></body></tt>',)})

    await server.database.write(embed)
    write(beside, ".ttml", "<tt><body><p>cut of")
    found = await server.services.lyrics.of_track(anna, tracks[0].id)
    assert words(found) == [("und", True, "tag")]
