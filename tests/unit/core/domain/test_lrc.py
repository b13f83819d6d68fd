"""LRC and plain words."""

from hydrophone.domain.lrc import parse_lyrics
from hydrophone.domain.lyrics import Lyrics


def parsed(text: str) -> Lyrics:
    return parse_lyrics(text, title="Song", artist="Anna")


def lines(text: str) -> list[tuple[int | None, str]]:
    return [(line.start, line.text) for line in parsed(text).lines]


def test_plain_words_keep_their_verses() -> None:
    lyrics = parsed("One\n\nTwo\r\nThree\n\n")
    assert not lyrics.is_synced
    assert [line.text for line in lyrics.lines] == ["One", "", "Two", "Three"]
    assert (lyrics.display_artist, lyrics.display_title) == ("Anna", "Song")


def test_times_of_all_precisions() -> None:
    assert lines("[00:01.5]a\n[01:02.34]b\n[1:02.345] c\n[02:03]d\n[02:03:50]e") == [
        (1500, "a"),
        (62_340, "b"),
        (62_345, "c"),
        (123_000, "d"),
        (123_500, "e"),
    ]


def test_a_line_with_several_times_stands_at_each() -> None:
    assert lines("[00:10.00][00:02.00]Refrain\n[00:05.00]Verse") == [
        (2000, "Refrain"),
        (5000, "Verse"),
        (10_000, "Refrain"),
    ]


def test_headers_are_no_words() -> None:
    lyrics = parsed("[ar:Somebody]\n[ti: Else ]\n[offset:-250]\n[la:de]\n[00:01.00]x")
    assert (lyrics.display_artist, lyrics.display_title) == ("Somebody", "Else")
    assert (lyrics.offset, lyrics.language) == (-250, "de")
    assert [line.text for line in lyrics.lines] == ["x"]


def test_word_times_of_enhanced_lrc_are_dropped() -> None:
    assert lines("[00:01.00]<00:01.00>Hel<00:01.20>lo") == [(1000, "Hello")]


def test_oddities_are_words() -> None:
    assert lines("[Chorus]\nla [la] la") == [(None, "[Chorus]"), (None, "la [la] la")]
    assert parsed("[offset:many]\n[00:01.00]x").offset == 0
    assert parsed("").lines == ()
