"""How a rule ends that does not simply pass."""


class Fault(Exception):  # noqa: N818 - it is a verdict on somebody else's server, not an error
    """The server breaks the rule.

    `asked` and `came` are the exchange that shows it; without them it is the latest one.
    """

    def __init__(self, message: str, *, asked: str = "", came: str = "") -> None:
        super().__init__(message)
        self.asked = asked
        self.came = came


class Skipped(Exception):  # noqa: N818 - as above
    """The rule cannot be checked here; the message says why."""


class ServerGone(Exception):  # noqa: N818 - as above
    """Nobody listens at the address, or nobody can log in: there is nothing to check."""


class Stopped(Exception):  # noqa: N818 - as above
    """The run ends before its end, everything having been put back but what `left` names."""

    def __init__(self, message: str, left: list[str]) -> None:
        super().__init__(message)
        self.left = left


def expect(condition: object, message: str) -> None:
    """Raise `Fault` with the message unless the condition holds."""
    if not condition:
        raise Fault(message)
