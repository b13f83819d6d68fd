"""Users: oneself, and with leave to write a user of our own."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.login import Form, Login
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.rules.made import somebody_else
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("users", "User management")

declare_answers(chapter, "getUser", "getUsers")
declare_refusals(chapter, "createUser", "changePassword", writes=True)
declare_refusals(chapter, "updateUser", "deleteUser", unknown=True, writes=True)

_NOBODY = "conformance-nobody"
_CREATE = "docs:endpoints/createuser/"


def _read(probe: Probe, name: str) -> Json:
    found: Json = probe.ask("getUser", username=name)["user"]
    return found


@chapter.rule("user.self", "Everybody can read about himself", why="docs:endpoints/getuser/")
def _self(probe: Probe) -> None:
    if not probe.facts.user:
        raise Skipped("The name of the user is not known.")
    found = _read(probe, probe.facts.user)["username"]
    expect(found.lower() == probe.facts.user.lower(), f"It is about {found!r}.")


@chapter.rule(
    "user.unknown",
    "To ask for a user who does not exist is a failure, and not an answer about another",
    why="docs:endpoints/getuser/",
    severity=Severity.SHOULD,
)
def _unknown(probe: Probe) -> None:
    probe.error("getUser", (0, 50, 70), username=_NOBODY)


@chapter.rule("user.listed", "getUsers lists the user who asks", why="docs:endpoints/getusers/")
def _listed(probe: Probe) -> None:
    probe.facts.need_role("adminRole")
    names = [one["username"].lower() for one in probe.ask("getUsers")["users"]["user"]]
    expect(probe.facts.user.lower() in names, "The user is not listed.")


@chapter.rule(
    "user.create",
    "A new user can log in, and has the roles that were given and no others",
    why=_CREATE,
    writes=True,
)
def _create(probe: Probe) -> None:
    other = somebody_else(probe, downloadRole=True)
    found = _read(other, other.login.user)
    expect(found["downloadRole"] is True, "downloadRole was given, and is missing.")
    for role in ("adminRole", "uploadRole", "shareRole"):
        expect(found[role] is False, f"{role} was not given, and is there.")


@chapter.rule(
    "user.admin",
    "A new user with adminRole is an admin",
    why=_CREATE,
    writes=True,
)
def _admin(probe: Probe) -> None:
    other = somebody_else(probe, adminRole=True)
    expect(_read(probe, other.login.user)["adminRole"] is True, "adminRole is missing.")
    other.ask("getUser", username=probe.facts.user)


@chapter.rule(
    "user.update",
    "updateUser changes what is named, and nothing else",
    why="docs:endpoints/updateuser/",
    writes=True,
)
def _update(probe: Probe) -> None:
    name = somebody_else(probe, downloadRole=True).login.user
    probe.ask("updateUser", username=name, jukeboxRole=True)
    found = _read(probe, name)
    expect(found["jukeboxRole"] is True, "jukeboxRole was given, and is missing.")
    expect(found["downloadRole"] is True, "downloadRole has gone.")


@chapter.rule(
    "user.password",
    "A changed password works, and the old one no longer",
    why="docs:endpoints/changepassword/",
    writes=True,
)
def _password(probe: Probe) -> None:
    other = somebody_else(probe)
    new = Login(user=other.login.user, password="another-7f3a", form=Form.PASSWORD)  # noqa: S106 - of a user who is deleted at once
    probe.ask("changePassword", username=new.user, password=new.password)
    usual = {"v": "1.16.1", "c": "conformance"}
    code = probe.call("ping", login={**new.parameters(), **usual}).code()
    expect(code is None, f"The new password is refused with code {code}.")
    code = probe.call("ping", login={**other.login.parameters(), **usual}).code()
    expect(code == 40, f"The old password gets {'in' if code is None else f'code {code}'}.")


@chapter.rule(
    "user.forbidden",
    "Who is no admin gets code 50 for what is for admins",
    why="docs:responses/error/",
    writes=True,
)
def _forbidden(probe: Probe) -> None:
    other = somebody_else(probe)
    other.error("getUsers", (50,))
    other.error("deleteUser", (50,), username=other.login.user)
    other.error("getUser", (50,), username=probe.facts.user)


@chapter.rule(
    "user.delete", "A deleted user cannot log in", why="docs:endpoints/deleteuser/", writes=True
)
def _delete(probe: Probe) -> None:
    other = somebody_else(probe)
    expect(other.call("ping").code() is None, "The new user cannot log in.")
    probe.ask("deleteUser", username=other.login.user)
    code = other.call("ping").code()
    expect(code == 40, f"The deleted user gets {'in' if code is None else f'code {code}'}.")


@chapter.rule(
    "user.private",
    "Stars and playlists of one user are not another's",
    why="docs:endpoints/getplaylists/",
    writes=True,
)
def _private(probe: Probe) -> None:
    other = somebody_else(probe)
    starred = other.ask("getStarred2")["starred2"]
    expect(not any(starred.get(kind) for kind in ("artist", "album", "song")),
           "A new user has stars.")  # fmt: skip
    for playlist in other.ask("getPlaylists")["playlists"].get("playlist", []):
        # A server may make lists for everybody, also for who is new.
        may_see = playlist.get("public") or playlist.get("owner") == other.login.user
        expect(may_see, f"A new user sees {playlist['name']!r}, not public.")
