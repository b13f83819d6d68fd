"""Names for what the checker makes, and a user of its own."""

from secrets import token_hex

from hydrophone_subsonic.conformance.login import Form, Login
from hydrophone_subsonic.conformance.probe import Probe, Value


def new_name() -> str:
    """Return a name that nobody has, by which what was made can be found again."""
    return f"conformance-{token_hex(4)}"


def somebody_else(probe: Probe, **roles: Value) -> Probe:
    """Make a user without any role but these; return a probe that asks as this user.

    Raises `Skipped` where the user may not make users, or the server has none.
    """
    probe.facts.need_role("adminRole")
    name, password = new_name(), token_hex(8)

    def is_there() -> bool:
        answer = probe.call("getUser", username=name)
        # A server of one user tells of that one, whoever is asked for.
        return answer.code() is None and answer.envelope()["user"]["username"].lower() == name

    def remove() -> None:
        if is_there():
            probe.ask("deleteUser", username=name)

    probe.undo.later(f"the user {name!r}", remove, still=is_there)
    none: dict[str, Value] = {"settingsRole": False, "streamRole": False}
    made: dict[str, Value] = {"username": name, "password": password, **none, **roles}
    probe.ask("createUser", made, email="conformance@example.org")
    theirs = Login(user=name, password=password, form=Form.PASSWORD)
    return probe.as_user(theirs)
