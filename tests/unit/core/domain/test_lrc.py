"""LRC and plain words."""

from hypothesis import given
from hypothesis import strategies as st

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


def cues(text: str, line: int = 0) -> list[tuple[int, int | None, str]]:
    found = parsed(text).cue_lines[line]
    for cue in found.cues:
        piece = found.text.encode()[cue.byte_start : cue.byte_end + 1]
        assert piece.decode() == cue.text
    return [(cue.start, cue.end, cue.text) for cue in found.cues]


def test_words_of_enhanced_lrc_have_times() -> None:
    text = "[00:01.00] <00:01.00>Hel<00:01.20>lo <00:01.50>wörld<00:02.00>"
    assert lines(text) == [(1000, "Hello wörld")]
    assert cues(text) == [(1000, 1200, "Hel"), (1200, 1500, "lo"), (1500, 2000, "wörld")]
    # Without a time behind the last word there is no end, and then none at all.
    assert cues("[00:01.00]<00:01.00>Hel<00:01.20>lo") == [(1000, None, "Hel"), (1200, None, "lo")]


def test_words_before_the_first_time_begin_with_the_line() -> None:
    assert cues("[00:01.00]日 <00:01.50>本") == [(1000, None, "日"), (1500, None, "本")]


def test_a_repeated_line_repeats_its_words() -> None:
    text = "[00:01.00][00:11.00]<00:01.00>a <00:01.50>b\n[00:05.00]plain"
    assert cues(text, 1) == [(11_000, None, "a"), (11_500, None, "b")]
    assert [line.index for line in parsed(text).cue_lines] == [0, 2]


def test_words_that_go_back_in_time_do_not() -> None:
    assert cues("[00:05.00]<00:05.00>a <00:03.00>b") == [(5000, None, "a"), (5000, None, "b")]


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                ["[00:01.00]", "<00:02.00>", "<0:1>", "é", "本", " ", "\n", "\t", "[la:en]", "a<"]
            )
        ).map("".join),
    )
)
def test_no_text_does_harm(text: str) -> None:
    lyrics = parsed(text)
    check(lyrics)


def check(lyrics: Lyrics) -> None:
    """Fail unless cues are as OpenSubsonic's contract has them."""
    for line in lyrics.cue_lines:
        assert line.text
        assert 0 <= line.index < len(lyrics.lines)
        ends = [cue.end for cue in line.cues]
        assert None not in ends or not any(end is not None for end in ends)
        for cue, following in zip(line.cues, [*line.cues[1:], None], strict=True):
            assert line.text.encode()[cue.byte_start : cue.byte_end + 1].decode() == cue.text
            if following:
                assert cue.start <= following.start
                assert cue.byte_end < following.byte_start
                assert cue.end is None or cue.start <= cue.end <= following.start


def test_many_words_at_many_times_take_no_time() -> None:
    words = "".join(f"<00:01.00>{i}" for i in range(5000))
    lyrics = parsed("[00:01.00]" * 20_000 + words)
    assert len(lyrics.lines) == 10_000
    assert sum(len(line.cues) for line in lyrics.cue_lines) <= 100_000


def test_oddities_are_words() -> None:
    assert lines("[Chorus]\nla [la] la") == [(None, "[Chorus]"), (None, "la [la] la")]
    assert parsed("[offset:many]\n[00:01.00]x").offset == 0
    assert parsed("").lines == ()
