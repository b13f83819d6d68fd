"""Links in the documents lead somewhere, and every page can be reached; nothing is fetched."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def text_of(page: Path) -> str:
    """Return a page without its blocks of code, in which brackets are no links."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return what its headings are called in addresses, as GitHub does it."""
    headings = HEADING.findall(text_of(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield (as written, file, anchor) of each link to a place of ours."""
    for target in LINK.findall(text_of(page)):
        if not target.startswith(("http://", "https://")):
            file, _, anchor = target.partition("#")
            yield target, (page.parent / file).resolve() if file else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    dead = [
        target
        for target, file, anchor in links(page)
        if not file.is_file()
        or not file.is_relative_to(ROOT)
        or (anchor and anchor not in anchors(file))
    ]
    assert dead == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    pending = {ROOT / "README.md"}
    while pending:
        page = pending.pop()
        reached.add(page)
        pending |= {file for _, file, _ in links(page) if file.suffix == ".md"} - reached
    assert set(PAGES) - reached == set()
