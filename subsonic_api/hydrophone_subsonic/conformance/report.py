"""What is said at the end: as text, as JSON, and as JUnit's XML."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from lxml import etree

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.rules import CHAPTERS
from hydrophone_subsonic.conformance.runner import Outcome, Result

_TITLES = {chapter.name: chapter.title for chapter in CHAPTERS}
_INDENT = "      "
_WIDTH = 100


def text(results: Sequence[Result], server: str, trouble: str) -> str:
    """Return a table of the chapters, each failure, and which rules were skipped and why.

    `trouble` is why the run did not come to its end, empty if it did. Where no rule was checked
    there is nothing but that, which is for standard error.
    """
    if not results:
        return ""
    lines = [server, "", f"{'':26}{'passed':>8}{'failed':>8}{'skipped':>9}{'score':>8}"]
    for name, title in _TITLES.items():
        counted = _counted(results, name)
        if counted.total():
            lines.append(_row(title, counted))
    lines += [_row("All", _counted(results)), ""]
    for result in results:
        if result.outcome is Outcome.FAILED:
            lines += _failure(result)
    lines += _skipped(results)
    for result in results:
        lines += [f"NOT PUT BACK by {result.rule.id}: {what}" for what in result.left]
    if trouble:
        lines.append(f"NOT FINISHED: {trouble}")
    return "\n".join(lines) + "\n"


def as_json(results: Sequence[Result], server: str, trouble: str) -> str:
    """Return the same as a document: `server`, `error`, `summary`, `chapters`, `results`."""
    document = {
        "server": server,
        "error": trouble or None,
        "summary": _summary(_counted(results)),
        "chapters": {
            name: _summary(counted)
            for name in _TITLES
            if (counted := _counted(results, name)).total()
        },
        "results": [_entry(result) for result in results],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def junit(results: Sequence[Result], server: str, trouble: str) -> str:
    """Return the same as JUnit's XML, a suite for each chapter, for CI systems.

    What kept the run from its end is an error in a suite of its own.
    """
    root = etree.Element("testsuites", name=_printable(f"Subsonic conformance of {server}"))
    for name in _TITLES:
        mine = [result for result in results if result.rule.chapter == name]
        if not mine:
            continue
        counted = _counted(mine)
        suite = etree.SubElement(
            root, "testsuite", name=name, tests=str(len(mine)), errors="0",
            failures=str(counted[Outcome.FAILED]), skipped=str(counted[Outcome.SKIPPED]),
        )  # fmt: skip
        for result in mine:
            case = etree.SubElement(suite, "testcase", classname=name, name=result.rule.id)
            message = _printable(result.message)
            if result.outcome is Outcome.FAILED:
                failure = etree.SubElement(case, "failure", message=message)
                failure.text = _printable("\n".join(_failure(result)))
            elif result.outcome is Outcome.SKIPPED:
                etree.SubElement(case, "skipped", message=message)
    if trouble:
        suite = etree.SubElement(
            root, "testsuite", name="run", tests="1", errors="1", failures="0", skipped="0"
        )
        case = etree.SubElement(suite, "testcase", classname="run", name="run")
        etree.SubElement(case, "error", message=_printable(trouble))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


FORMATS: Mapping[str, Callable[[Sequence[Result], str, str], str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
}


def _counted(results: Sequence[Result], chapter: str = "") -> "Counter[Outcome]":
    return Counter(
        result.outcome for result in results if not chapter or result.rule.chapter == chapter
    )


def _score(counted: "Counter[Outcome]") -> float | None:
    """Return the percentage of what could be checked; None if nothing could."""
    checked = counted[Outcome.PASSED] + counted[Outcome.FAILED]
    return round(100 * counted[Outcome.PASSED] / checked, 1) if checked else None


def _row(title: str, counted: "Counter[Outcome]") -> str:
    score = _score(counted)
    shown = "-" if score is None else f"{score:g} %"
    passed, failed, skipped = (counted[one] for one in Outcome)
    return f"{title:26}{passed:8}{failed:8}{skipped:9}{shown:>8}"


def _summary(counted: "Counter[Outcome]") -> dict[str, float | None]:
    return {**{str(one): counted[one] for one in Outcome}, "score": _score(counted)}


def _failure(result: Result) -> list[str]:
    rule = result.rule
    lines = [f"FAILED {rule.id} ({rule.severity})", f"  rule  {rule.title}."]
    if rule.apps:
        lines.append(f"  apps  {', '.join(rule.apps)}")
    for label, content in (
        ("why", rule.why), ("found", result.message), ("asked", result.asked), ("came", result.came)
    ):  # fmt: skip
        if content:
            shown = content.replace("\n", f"\n{_INDENT}  ")
            lines.append(f"  {label:5} {shown}")
    return [*lines, ""]


def _skipped(results: Sequence[Result]) -> list[str]:
    """Name the rules that were skipped, by the reason, the most frequent first."""
    by_reason: dict[str, list[str]] = {}
    for result in results:
        if result.outcome is Outcome.SKIPPED:
            by_reason.setdefault(result.message, []).append(result.rule.id)
    lines = ["Skipped"] if by_reason else []
    for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        lines.append(f"{len(names)} x {reason}" if len(names) > 1 else reason)
        lines += wrap(" ".join(names), _WIDTH, initial_indent="  ", subsequent_indent="  ",
                      break_on_hyphens=False)  # fmt: skip
    return lines


def _entry(result: Result) -> Json:
    rule = result.rule
    return {
        "id": rule.id,
        "chapter": rule.chapter,
        "title": rule.title,
        "severity": str(rule.severity),
        "apps": list(rule.apps),
        "why": rule.why,
        "outcome": str(result.outcome),
        "message": result.message,
        "asked": result.asked,
        "came": result.came,
        "notPutBack": list(result.left),
    }


def _printable(content: str) -> str:
    """Leave out what XML cannot have: an answer may be anything."""
    return "".join(one for one in content if one in "\n\t" or one.isprintable())
