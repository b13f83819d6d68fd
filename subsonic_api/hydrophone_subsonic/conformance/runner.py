"""Runs rules one after the other, and puts back what each of them changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Rule
from hydrophone_subsonic.conformance.verdict import Fault, ServerGone, Skipped, Stopped


class Outcome(StrEnum):
    """How a rule ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One rule and its outcome."""

    rule: Rule
    outcome: Outcome
    message: str = ""
    """What is wrong, or why it was skipped."""
    asked: str = ""
    came: str = ""
    left: tuple[str, ...] = ()
    """What could not be put back."""


def run(
    rules: Iterable[Rule], probe: Probe, progress: Callable[[Result], None]
) -> Iterator[Result]:
    """Check the rules in turn; each is reported to `progress` and then yielded.

    Raises `Stopped` on Ctrl-C and when the server stops answering.
    """
    for rule in rules:
        result = check(rule, probe)
        progress(result)
        yield result


def check(rule: Rule, probe: Probe) -> Result:
    """Check one rule; whatever ends it, what it changed is put back before.

    Raises `Stopped` on Ctrl-C and when the server stops answering.
    """
    if rule.writes and not probe.may_write:
        return Result(rule=rule, outcome=Outcome.SKIPPED, message="Needs --write.")
    probe.trace.last = None
    try:
        result = _verdict(rule, probe)
    except KeyboardInterrupt as interrupt:
        raise Stopped("Interrupted.", probe.undo.run()) from interrupt
    except ServerGone as gone:
        raise Stopped(str(gone), probe.undo.run()) from gone
    return Result(
        rule=rule,
        outcome=result.outcome,
        message=result.message,
        asked=result.asked,
        came=result.came,
        left=tuple(probe.undo.run()),
    )


def _verdict(rule: Rule, probe: Probe) -> Result:
    try:
        rule.check(probe)
    except Skipped as skipped:
        return Result(rule=rule, outcome=Outcome.SKIPPED, message=str(skipped))
    except Fault as fault:
        return _failed(rule, probe, str(fault), fault)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # The rules read a stranger's answer as if it were well-formed; this is where it was not.
        wrong = f"The answer has another form than it must: {_lack(error)}."
        return _failed(rule, probe, wrong, None)
    return Result(rule=rule, outcome=Outcome.PASSED)


def _lack(error: Exception) -> str:
    """Say what a rule has looked for in vain, in the words of who wrote the server."""
    match error:
        case KeyError(args=(str(name), *_)):
            return f"`{name}` is missing in it"
        case IndexError():
            return "a list in it is shorter than it has to be"
        case TypeError() | AttributeError():
            return "something in it is of another type, such as a text or a list for an object"
    return f"a value in it cannot be read ({error})"


def _failed(rule: Rule, probe: Probe, message: str, fault: Fault | None) -> Result:
    last = probe.trace.last
    return Result(
        rule=rule,
        outcome=Outcome.FAILED,
        message=probe.login.struck_out(message),
        asked=(fault.asked if fault else "") or (last.asked if last else ""),
        came=(fault.came if fault else "") or (last.came if last else ""),
    )
