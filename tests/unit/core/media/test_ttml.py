"""TTML as Apple Music and AMLL write it, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrophone.domain.lyrics import AgentRole, Lyrics
from hydrophone.media.ttml import is_ttml, parse_ttml

KARAOKE = """<?xml version="1.0" encoding="UTF-16"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    xmlns:itunes="http://music.apple.com/lyric-ttml-internal" xml:lang="ja">
  <head><metadata>
    <ttm:agent type="person" xml:id="v1"><ttm:name type="full">Anna</ttm:name></ttm:agent>
    <ttm:agent type="other" xml:id="v2"/>
    <ttm:agent type="group" xml:id="v3"/>
    <iTunesMetadata xmlns="http://music.apple.com/lyric-ttml-internal">
      <translations><translation xml:lang="en"><text for="L1">Fur Elise</text>
        </translation></translations>
      <transliterations><transliteration xml:lang="ja-Latn"><text for="L1"><span begin="1.0"
        end="1.5" xmlns="http://www.w3.org/ns/ttml">Ki</span></text></transliteration>
        </transliterations>
    </iTunesMetadata>
  </metadata></head>
  <body><div begin="1.0">
    <p begin="9.5" end="00:10.250" ttm:agent="v2"><span begin="9.5">Ja</span></p>
    <p begin="1.0" end="3s" itunes:key="L1" ttm:agent="v1">
      <span begin="1.0" end="1.5">Für</span> <span begin="1.5" end="1.9">E</span><span
        begin="1.9" end="2.5">lise</span><span ttm:role="x-bg"><span begin="2000ms"
        end="0:00:02.9">(ooh)</span></span><span ttm:role="x-translation"
        xml:lang="de-DE">Für  Elise</span><span ttm:role="x-roman">fuer</span>
    </p>
    <p begin="20" ttm:agent="v3">All <br/>together</p>
  </div></body>
</tt>"""


def tt(body: str, head: str = "") -> str:
    return f'<tt xmlns="http://www.w3.org/ns/ttml">{head}<body><div>{body}</div></body></tt>'


def words(lyrics: Lyrics) -> list[tuple[int | None, str]]:
    return [(line.start, line.text) for line in lyrics.lines]


def test_words_voices_and_background() -> None:
    main, *_ = parse_ttml(KARAOKE, title="Elise", artist="Anna")
    assert (main.kind, main.language, main.is_synced) == ("main", "ja", True)
    assert words(main) == [(1000, "Für Elise (ooh)"), (9500, "Ja"), (20_000, "All together")]
    assert [(agent.id, agent.role, agent.name) for agent in main.agents] == [
        ("v1", "main", "Anna"),
        ("v1+bg", "bg", "Anna"),
        ("v2", "voice", ""),
    ]
    first, behind, second = main.cue_lines
    assert (first.index, first.agent_id, first.text) == (0, "v1", "Für Elise")
    assert (first.start, first.end) == (1000, 3000)
    assert [(c.text, c.start, c.end, c.byte_start, c.byte_end) for c in first.cues] == [
        ("Für", 1000, 1500, 0, 3),
        ("E", 1500, 1900, 5, 5),
        ("lise", 1900, 2500, 6, 9),
    ]
    assert (behind.index, behind.agent_id, behind.text) == (0, "v1+bg", "(ooh)")
    assert [(c.start, c.end) for c in behind.cues] == [(2000, 2900)]
    # An end that is missing is the line's.
    assert (second.agent_id, second.cues[0].end) == ("v2", 10_250)


def test_translations_and_romanisations() -> None:
    _, *others = parse_ttml(KARAOKE)
    assert [(o.kind, o.language, words(o)) for o in others] == [
        ("translation", "de-de", [(1000, "Für Elise")]),
        ("pronunciation", "und", [(1000, "fuer")]),
        ("translation", "en", [(1000, "Fur Elise")]),
        ("pronunciation", "ja-latn", [(1000, "Ki")]),
    ]
    assert [c.text for line in others[3].cue_lines for c in line.cues] == ["Ki"]
    assert not any(other.agents for other in others)


def test_a_single_voice_without_a_name_is_not_told() -> None:
    [lyrics] = parse_ttml(tt('<p begin="1"><span begin="1">a</span></p>'))
    assert lyrics.agents == ()
    assert lyrics.cue_lines[0].agent_id == ""
    [lyrics] = parse_ttml(
        tt(
            '<p begin="1"><span begin="1">a</span><span role="x-bg"><span begin="1">b</span>'
            "</span></p>"
        )
    )
    assert [(a.id, a.role) for a in lyrics.agents] == [("main", "main"), ("main+bg", "bg")]
    assert [line.agent_id for line in lyrics.cue_lines] == ["main", "main+bg"]


def test_without_times_the_words_are_plain() -> None:
    [lyrics] = parse_ttml(tt("<p>One</p><p>Two <span>more</span></p>"), language="en")
    assert (lyrics.is_synced, lyrics.language) == (False, "en")
    assert words(lyrics) == [(None, "One"), (None, "Two more")]
    assert lyrics.cue_lines == ()


@pytest.mark.parametrize(
    "text",
    [
        "<tt",
        "<tt></tt",
        "<ttx/>",
        '<!DOCTYPE tt [<!ENTITY a "b">]><tt><body><p>&a;</p></body></tt>',
        '<?xml version="1.0"?><!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt/>',
        "<tt>&undefined;</tt>",
        "<tt>" + "<a>" * 5000,
        "<html/>",
        "\0<tt/>",
    ],
)
def test_what_is_no_sound_ttml_has_no_words(text: str) -> None:
    assert parse_ttml(text) == ()


def test_what_is_taken_for_ttml() -> None:
    assert is_ttml(' \n<?xml version="1.0"?><tt/>')
    assert is_ttml("<tt xmlns='x'>")
    assert not is_ttml("[00:01.00]<00:01.00>words")
    assert not is_ttml("plain <tt>")


TAGS = st.sampled_from(
    ["<p begin='1'>", "<p>", "</p>", "<span begin='2' end='1'>", "<span role='x-bg'>", "</span>",
     "<span begin='0.5'>", "<span role='x-roman'>", "<br/>", "é", " ", "\n", "本a", "<x/>"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(TAGS).map("".join)))
def test_no_text_does_harm(text: str) -> None:
    balanced = tt(text + "</span>" * text.count("<span") + "</p>" * text.count("<p"))
    for document in (text, tt(text), balanced):
        for lyrics in parse_ttml(document):
            check(lyrics)


def check(lyrics: Lyrics) -> None:
    """Fail unless it is as OpenSubsonic's contract has it."""
    roles = [agent.role for agent in lyrics.agents]
    assert roles.count(AgentRole.MAIN) == (1 if roles else 0)
    known = {agent.id for agent in lyrics.agents} or {""}
    assert lyrics.cue_lines or not roles
    for line in lyrics.cue_lines:
        assert line.agent_id in known
        assert 0 <= line.index < len(lyrics.lines)
        ends = {cue.end is None for cue in line.cues}
        assert len(ends) == 1
        for cue, following in zip(line.cues, [*line.cues[1:], None], strict=True):
            assert line.text.encode()[cue.byte_start : cue.byte_end + 1].decode() == cue.text
            assert cue.end is None or cue.start <= cue.end
            if following:
                assert cue.start <= following.start
                assert cue.end is None or cue.end <= following.start
