"""Reads words with times as TTML has them: karaoke files as Apple Music and AMLL write them.

Timed Text Markup Language 2 (https://www.w3.org/TR/ttml2/). Each `p` is a line and each timed
`span` a word. Times are taken as they stand: these files do not count from the enclosing
element. A `span` of role `x-bg` is sung in the background; translations and romanisations stand
in spans of the roles `x-translation` and `x-roman`, or in the head, by the key of their line.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from hydrophone.domain.cues import Piece, cue_line, joined
from hydrophone.domain.lrc import is_language
from hydrophone.domain.lyrics import Agent, AgentRole, CueLine, Lyrics, LyricsKind, LyricsLine
from hydrophone.domain.units import Milliseconds
from hydrophone.errors import MediaError
from hydrophone.media.xml_document import Element, parse_xml

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(?:(\d{1,5}):)?(\d{1,6}(?:\.\d{1,9})?)s?", re.ASCII)
_METRIC = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|m|h)", re.ASCII)
_UNITS = {"ms": 1, "m": 60_000, "h": 3_600_000}
_BLANKS = re.compile(r"\s+")
_MOST_LINES = 10_000
_BACKGROUND = "+bg"
"""After the id of a singer: those who sing behind."""
_KINDS = {"x-translation": LyricsKind.TRANSLATION, "x-roman": LyricsKind.PRONUNCIATION}
_HEAD_KINDS = {
    "translation": LyricsKind.TRANSLATION,
    "transliteration": LyricsKind.PRONUNCIATION,
}


class _Version(NamedTuple):
    """Which translation or romanisation a text is of."""

    kind: LyricsKind
    language: str


class _Line(Struct, kw_only=True):
    key: str
    start: Milliseconds | None
    end: Milliseconds | None
    singer: str
    words: list[Piece]
    background: list[Piece]
    others: dict[_Version, list[Piece]]


def is_ttml(text: str) -> bool:
    """Tell whether a text is meant to be TTML, be it well-formed or not."""
    return text.lstrip().startswith(("<tt", "<?xml", "<!DOCTYPE"))


def parse_ttml(
    text: str, *, artist: str = "", title: str = "", language: str = ""
) -> tuple[Lyrics, ...]:
    """Read the words, their translations and romanisations; empty if it is not sound XML.

    No entity is replaced and nothing fetched; a document with a DTD is none. Blocks as long as
    reading takes, some 20 ms for 256 KiB.
    """
    root = _root(text)
    if root is None:
        return ()
    lines = [_line(element) for element in root.iterfind(".//{*}body//{*}p")][:_MOST_LINES]
    _add_from_head(root, {line.key: line for line in lines if line.key})
    if any(line.start is not None for line in lines):
        lines = [line for line in lines if line.start is not None]
        lines.sort(key=lambda line: line.start or 0)
    own = _attribute(root, "lang")
    frame = Lyrics(
        language=own.lower() if is_language(own) else language or "und",
        is_synced=bool(lines) and lines[0].start is not None,
        display_artist=artist,
        display_title=title,
        lines=(),
    )
    others = dict.fromkeys(version for line in lines for version in line.others)
    return (
        _main(frame, lines, _singers(root)),
        *(_other(frame, version, lines) for version in others),
    )


def _root(text: str) -> Element | None:
    if "<!DOCTYPE" in text:
        return None
    try:
        root = parse_xml(text)
    except MediaError:
        return None
    return root if _name(root) == "tt" else None


def _main(frame: Lyrics, lines: list[_Line], singers: dict[str, Agent]) -> Lyrics:
    shown, cue_lines = [], []
    for index, line in enumerate(lines):
        texts = [text for text in (joined(line.words), joined(line.background)) if text]
        shown.append(LyricsLine(start=line.start, text=" ".join(texts)))
        times = {"start": line.start, "end": line.end}
        sung = cue_line(index, line.words, **times, agent_id=line.singer)
        behind = cue_line(index, line.background, agent_id=line.singer + _BACKGROUND)
        cue_lines += [one for one in (sung, behind) if one is not None]
    if not frame.is_synced:
        cue_lines = []
    agents, cue_lines = _attributed(cue_lines, singers)
    return replace(frame, lines=tuple(shown), agents=agents, cue_lines=tuple(cue_lines))


def _attributed(
    cue_lines: list[CueLine], singers: dict[str, Agent]
) -> tuple[tuple[Agent, ...], list[CueLine]]:
    """Say whose the cue lines are, if that is worth a word: one voice without a name is not."""
    used = dict.fromkeys(line.agent_id for line in cue_lines)
    voices = [one for one in used if not one.endswith(_BACKGROUND)]
    # Lines of nobody are the main voice's.
    main = next((one for one in singers if one in voices), next(filter(None, voices), "main"))
    names = {one: main + one if one in ("", _BACKGROUND) else one for one in used}
    agents: dict[str, Agent] = {}
    for one in [main, *names.values()]:
        singer = singers.get(one.removesuffix(_BACKGROUND))
        role = singer.role if singer else AgentRole.VOICE
        if one == main:
            role = AgentRole.MAIN
        elif one.endswith(_BACKGROUND):
            role = AgentRole.BACKGROUND
        agents[one] = Agent(id=one, role=role, name=singer.name if singer else "")
    if not cue_lines or (len(agents) == 1 and not agents[main].name):
        return (), [replace(line, agent_id="") for line in cue_lines]
    return tuple(agents.values()), [
        replace(line, agent_id=names[line.agent_id]) for line in cue_lines
    ]


def _other(frame: Lyrics, version: _Version, lines: list[_Line]) -> Lyrics:
    """Make lyrics of one translation or romanisation, with the lines that it has."""
    those = [(line, line.others[version]) for line in lines if version in line.others]
    cue_lines = (
        cue_line(index, pieces, start=line.start, end=line.end)
        for index, (line, pieces) in enumerate(those)
        if frame.is_synced
    )
    return replace(
        frame,
        kind=version.kind,
        language=version.language,
        lines=tuple(LyricsLine(start=line.start, text=joined(pieces)) for line, pieces in those),
        cue_lines=tuple(line for line in cue_lines if line is not None),
    )


def _singers(root: Element) -> dict[str, Agent]:
    """Return the voices by their ids, in the order of the head."""
    found = {}
    for element in root.iterfind(".//{*}head//{*}agent"):
        identifier = _attribute(element, "id")
        is_group = _attribute(element, "type") == "group"
        found[identifier] = Agent(
            id=identifier,
            role=AgentRole.GROUP if is_group else AgentRole.VOICE,
            name=_collapsed(" ".join(_text(name) for name in element.iterfind("{*}name"))).strip(),
        )
    return found


def _line(element: Element) -> _Line:
    words: list[Piece] = []
    line = _Line(
        key=_attribute(element, "key"),
        start=_time(_attribute(element, "begin")),
        end=_time(_attribute(element, "end")),
        singer=_attribute(element, "agent"),
        words=words,
        background=[],
        others={},
    )
    # A line's own times are no word's.
    _collect(element, Piece(""), words, line)
    line.words = _with_single_blanks(words)
    line.background = _with_single_blanks(line.background)
    if line.start is None:
        starts = (piece.start for piece in line.words if piece.start is not None)
        line.start = min(starts, default=None)
    return line


def _collect(element: Element, time: Piece, pieces: list[Piece], line: _Line) -> None:
    """Add the text of an element and all in it, each piece with the times of the innermost."""
    pieces.append(replace(time, text=element.text or ""))
    for child in element:
        role = _attribute(child, "role")
        if role in _KINDS:
            version = _Version(_KINDS[role], _language(child))
            line.others[version] = _with_single_blanks([Piece(_text(child))])
        elif role == "x-bg":
            _collect(child, Piece(""), line.background, line)
        elif _name(child) == "br":
            pieces.append(Piece(" "))
        else:
            _collect(child, _times(child), pieces, line)
        pieces.append(Piece(child.tail or ""))


def _add_from_head(root: Element, lines: dict[str, _Line]) -> None:
    """Add what the head has of translations and romanisations to the lines that it names."""
    for name, kind in _HEAD_KINDS.items():
        for element in root.iterfind(f".//{{*}}head//{{*}}{name}"):
            for text in element.iterfind("{*}text"):
                line = lines.get(_attribute(text, "for"))
                if line is not None:
                    pieces: list[Piece] = []
                    _collect(text, Piece(""), pieces, line)
                    version = _Version(kind, _language(element))
                    line.others[version] = _with_single_blanks(pieces)


def _with_single_blanks(pieces: Iterable[Piece]) -> list[Piece]:
    """Drop pieces of nothing, and blanks after blanks, as TTML does unless told otherwise."""
    found: list[Piece] = []
    after_blank = True
    for piece in pieces:
        text = _collapsed(piece.text)
        if after_blank:
            text = text.lstrip()
        if text:
            # Blanks in a line of XML end no word, whatever times they have.
            found.append(replace(piece, text=text) if text.strip() else Piece(text))
            after_blank = text.endswith(" ")
    return found


def _collapsed(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _text(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _times(element: Element) -> Piece:
    return Piece("", _time(_attribute(element, "begin")), _time(_attribute(element, "end")))


def _time(text: str) -> Milliseconds | None:
    """Read a time: `1:02.5`, `62.5s`, `01:02:03.4`, `500ms`; `None` if it is none of these."""
    if match := _CLOCK.fullmatch(text):
        # With one colon the number before it is of minutes.
        high, low = (match[1], match[2]) if match[2] is not None else (None, match[1])
        seconds = int(high or 0) * 3600 + int(low or 0) * 60 + float(match[3])
        return Milliseconds(round(seconds * 1000))
    if match := _METRIC.fullmatch(text):
        return Milliseconds(round(float(match[1]) * _UNITS[match[2]]))
    return None


def _language(element: Element) -> str:
    text = _attribute(element, "lang")
    return text.lower() if is_language(text) else "und"


def _attribute(element: Element, name: str) -> str:
    """Return an attribute by its name in whatever namespace; empty if there is none."""
    return next(_values(element, name), "")


def _values(element: Element, name: str) -> Iterator[str]:
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            yield str(value).strip()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
