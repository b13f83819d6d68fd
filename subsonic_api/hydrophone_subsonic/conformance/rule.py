"""Rules, and the chapters that they are declared in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hydrophone_subsonic.conformance.probe import Probe

SPEC = "https://opensubsonic.netlify.app/docs/"
"""Where the documentation of OpenSubsonic is; `why` begins so or is a sentence."""

Check = Callable[[Probe], None]
"""Looks at one server: returns, or raises `Fault` or `Skipped`."""


class Severity(StrEnum):
    """How bad it is to break a rule."""

    MUST = "must"
    """A specification demands it."""
    SHOULD = "should"
    """A specification recommends it, or all servers but a few do it."""
    APP = "app"
    """No specification has it, but an app that people use depends on it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that a server does right or wrong."""

    id: str
    """Unique, for good: people put it into their lists of known faults."""
    chapter: str
    title: str
    """What is right, as a sentence in the present tense."""
    why: str
    """The page of the specification, or the reason."""
    severity: Severity
    apps: tuple[str, ...]
    """Apps that are known to depend on it."""
    writes: bool
    """Whether it changes something on the server, and puts it back."""
    check: Check


class Chapter:
    """Rules of one part of the protocol; used as a decorator, `@chapter.rule("id", ...)`."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.rules: list[Rule] = []

    def rule(
        self,
        id_: str,
        title: str,
        *,
        why: str,
        severity: Severity = Severity.MUST,
        apps: tuple[str, ...] = (),
        writes: bool = False,
    ) -> Callable[[Check], Check]:
        """Declare the function below as a rule. Relative `docs:` addresses are of the spec."""

        def declare(check: Check) -> Check:
            self.rules.append(
                Rule(
                    id=id_,
                    chapter=self.name,
                    title=title,
                    why=why.replace("docs:", SPEC),
                    severity=severity,
                    apps=apps,
                    writes=writes,
                    check=check,
                )
            )
            return check

        return declare
