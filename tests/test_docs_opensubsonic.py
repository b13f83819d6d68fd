"""The reference page of OpenSubsonic has what is declared: endpoints, extensions, codes."""

import re
from pathlib import Path

from hydrophone.domain.user import LoginMechanism
from hydrophone_subsonic.endpoint import Endpoint
from hydrophone_subsonic.endpoints import ENDPOINTS
from hydrophone_subsonic.errors import Code
from hydrophone_subsonic.extensions import extensions

PAGE = Path(__file__).parents[1] / "docs/reference/opensubsonic.md"


def rows_below(heading: str) -> list[str]:
    """Return the rows of all tables below a heading of the second level, without their heads."""
    section = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    tables = re.findall(r"\|---\|\n((?:\|.*\n)+)", section)
    return [row for table in tables for row in table.splitlines()]


def wanted_row(endpoint: Endpoint) -> str:
    if endpoint.sends_bytes:
        answer = "bytes"
    else:
        answer = f"`{endpoint.element}`" if endpoint.element else "nothing"
    needs = f"role `{endpoint.role}`" if endpoint.role else "login"
    return f"| `{endpoint.name}` | {answer} | {needs if endpoint.needs_login else 'no login'} |"


def test_page_has_every_endpoint_as_it_is_declared() -> None:
    assert sorted(rows_below("Endpoints")) == sorted(map(wanted_row, ENDPOINTS))


def test_page_has_the_extensions_that_are_advertised() -> None:
    assert rows_below("Extensions") == [
        f"| `{extension.name}` | {', '.join(map(str, extension.versions))} |"
        for extension in extensions(tuple(LoginMechanism), compares_sounds=True)
    ]


def test_page_has_every_error_code() -> None:
    codes = [int(row.split("|")[1]) for row in rows_below("Error codes")]
    assert codes == sorted(Code)


def test_roles_that_are_said_to_do_nothing_are_asked_by_no_endpoint() -> None:
    page = PAGE.with_name("command-line.md").read_text()
    (idle,) = re.findall(r"^- (.*): nothing;", page, re.MULTILINE)
    names = set(re.findall(r"`(\w+)`", idle))
    assert names == {"upload", "comment", "coverArt", "videoConversion"}
    assert names.isdisjoint(endpoint.role for endpoint in ENDPOINTS)
    described = set(re.findall(r"^- `(\w+)`: ", page, re.MULTILINE))
    assert {endpoint.role for endpoint in ENDPOINTS if endpoint.role} <= described
