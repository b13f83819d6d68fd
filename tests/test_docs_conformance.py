"""The reference page of the conformance checker has every rule, as it is declared."""

import re
from pathlib import Path

from hydrophone_subsonic.conformance.rule import Rule
from hydrophone_subsonic.conformance.rules import CHAPTERS, RULES
from hydrophone_subsonic.conformance.spec import ENDPOINTS

PAGE = Path(__file__).parents[1] / "docs/reference/conformance-rules.md"
KINDS = ("json", "xml", "same", "ways", "missing", "unknown")


def endpoint_and_kind(rule: Rule) -> tuple[str, str]:
    """Split the id of a rule that every endpoint has; others have no endpoint."""
    endpoint, _, kind = rule.id.rpartition(".")
    return (endpoint, kind) if endpoint in ENDPOINTS and kind in KINDS else ("", "")


def wanted_matrix() -> list[str]:
    has = {endpoint_and_kind(rule) for rule in RULES}
    rows = []
    for endpoint in sorted({endpoint for endpoint, _ in has if endpoint}):
        marks = ("x" if (endpoint, kind) in has else " " for kind in KINDS)
        rows.append(f"| `{endpoint}` | {' | '.join(marks)} |")
    return rows


def wanted_row(rule: Rule) -> str:
    write = "yes" if rule.writes else ""
    apps = ", ".join(rule.apps)
    return f"| `{rule.id}` | {rule.title} | {rule.severity} | {apps} | {write} |"


def wanted_rows(chapter: str) -> list[str]:
    own = [rule for rule in RULES if rule.chapter == chapter and not endpoint_and_kind(rule)[0]]
    return [wanted_row(rule) for rule in own]


def rows_below(heading: str) -> list[str]:
    section = PAGE.read_text().partition(f"\n{heading}\n")[2]
    section = re.split(r"\n#+ ", section)[0]
    return [row for row in section.splitlines() if row.startswith("| `")]


def test_page_has_the_rules_of_every_endpoint() -> None:
    assert rows_below("## Of every endpoint") == wanted_matrix()


def test_page_has_every_other_rule() -> None:
    for chapter in CHAPTERS:
        assert rows_below(f"## {chapter.title}") == wanted_rows(chapter.name), chapter.name


def test_page_says_how_many_there_are() -> None:
    assert f"{len(RULES)} rules" in PAGE.read_text()


def test_page_names_the_chapters_for_the_option() -> None:
    names = re.findall(r"^Chapter: `(\w+)`", PAGE.read_text(), re.M)
    assert names == [chapter.name for chapter in CHAPTERS]
