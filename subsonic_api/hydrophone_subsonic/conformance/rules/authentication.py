"""Logging in: each way, and each way to do it wrong."""

from base64 import b64encode

from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.login import Form
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("authentication", "Logging in")

_PAGE = "docs:api-reference/"
_ERRORS = "docs:responses/error/"
_KEYS = "docs:extensions/apikeyauth/"


def _log_in(probe: Probe, login: dict[str, str], *, f: str = "json") -> int | None:
    return probe.call("ping", f=f, login=login).failure_code()


def _need_in(probe: Probe, login: dict[str, str]) -> None:
    code = _log_in(probe, login)
    if code in (41, 42):
        raise Skipped("The server has this way of logging in switched off.")
    expect(code is None, f"The login is refused with code {code}.")


def _refused(probe: Probe, codes: tuple[int, ...], login: dict[str, str]) -> None:
    code = _log_in(probe, login)
    wanted = " or ".join(map(str, codes))
    expect(code is not None, "The login is accepted.")
    expect(code in codes, f"Expected code {wanted}, got {code}.")


def _off(probe: Probe, form: Form) -> tuple[int, ...]:
    """Return the code by which the server says that it has a way switched off, if it has."""
    code = _log_in(probe, probe.usual(form))
    return (code,) if code in (41, 42) else ()


@chapter.rule("login.password", "`u` and `p` log in", why=_PAGE)
def _password(probe: Probe) -> None:
    probe.need_password()
    _need_in(probe, probe.usual(Form.PASSWORD))


@chapter.rule(
    "login.hex",
    "`p` may be `enc:` with the password in hexadecimal",
    why=_PAGE,
    apps=("DSub", "Ultrasonic"),
)
def _hex(probe: Probe) -> None:
    probe.need_password()
    _need_in(probe, probe.usual(Form.HEX))


@chapter.rule("login.token", "`u`, `t` and `s` log in, or are refused with code 41", why=_PAGE)
def _token(probe: Probe) -> None:
    probe.need_password()
    probe.need_version(1, 13, 0)
    code = _log_in(probe, probe.usual(Form.TOKEN))
    expect(code in (None, 41, 42), f"The token is refused with code {code}: 41 makes apps retry.")


@chapter.rule("login.api-key", "`apiKey` logs in, and tokenInfo says whose it is", why=_KEYS)
def _api_key(probe: Probe) -> None:
    probe.need_extension("apiKeyAuthentication")
    if not probe.login.api_key:
        raise Skipped("No API key was given.")
    _need_in(probe, probe.usual(Form.API_KEY))
    expect(probe.ask("tokenInfo")["tokenInfo"]["username"], "tokenInfo names nobody.")


@chapter.rule(
    "login.form",
    "The login may be in a posted form",
    why="docs:extensions/formpost/",
    apps=("airsonic-refix", "py-opensonic"),
)
def _form(probe: Probe) -> None:
    probe.need_extension("formPost")
    body = {**probe.usual(), "f": "json"}
    answer = probe.call("ping", f="", method="POST", login={}, body=body)
    expect(answer.code() is None, f"It fails with code {answer.code()}.")


@chapter.rule("login.wrong-password", "A wrong password fails with code 40", why=_ERRORS)
def _wrong_password(probe: Probe) -> None:
    probe.need_password()
    _refused(
        probe,
        (40, *_off(probe, Form.PASSWORD)),
        {**probe.usual(Form.PASSWORD), "p": "conformance-wrong"},
    )


@chapter.rule("login.wrong-token", "A wrong token fails with code 40", why=_ERRORS)
def _wrong_token(probe: Probe) -> None:
    probe.need_password()
    probe.need_version(1, 13, 0)
    _refused(probe, (40, *_off(probe, Form.TOKEN)), {**probe.usual(Form.TOKEN), "t": "0" * 32})


@chapter.rule("login.nobody", "An unknown user fails with code 40", why=_ERRORS)
def _nobody(probe: Probe) -> None:
    # Who logs in by a key does not show that the server takes passwords at all.
    codes = (40, 42) if probe.login.form is Form.API_KEY else (40,)
    _refused(probe, codes, strangers_login(probe.login))


@chapter.rule("login.nothing", "No login at all fails with code 10", why=_ERRORS)
def _nothing(probe: Probe) -> None:
    _refused(probe, (10,), {"v": "1.16.1", "c": "conformance"})


@chapter.rule("login.no-password", "A user name alone fails with code 10", why=_ERRORS)
def _no_password(probe: Probe) -> None:
    _refused(probe, (10,), {"u": probe.facts.user or "somebody", "v": "1.16.1", "c": "x"})


@chapter.rule("login.wrong-key", "A wrong API key fails with code 44", why=_KEYS)
def _wrong_key(probe: Probe) -> None:
    probe.need_extension("apiKeyAuthentication")
    _refused(probe, (44,), {"apiKey": "conformance-wrong", "v": "1.16.1", "c": "conformance"})


@chapter.rule("login.key-and-user", "An API key beside a user name fails with code 43", why=_KEYS)
def _key_and_user(probe: Probe) -> None:
    probe.need_extension("apiKeyAuthentication")
    login = {**strangers_login(probe.login), "apiKey": "conformance-wrong"}
    _refused(probe, (43,), login)


@chapter.rule(
    "login.everywhere",
    "Nothing but the list of extensions is told without a login",
    why="docs:endpoints/getopensubsonicextensions/ is the only exception",
)
def _everywhere(probe: Probe) -> None:
    for endpoint, parameters in CALLS.items():
        if endpoint == "getOpenSubsonicExtensions":
            continue
        try:
            asked = parameters(probe.facts)
        except Skipped:
            continue
        answer = probe.call(endpoint, asked, login={"v": "1.16.1", "c": "conformance"})
        if answer.status == 200 and answer.failure_code() is None:
            raise answer.fault(f"{endpoint} answers everybody.")
    for endpoint in ("stream", "download", "getCoverArt"):
        song = probe.facts.song()
        answer = probe.call(endpoint, login={"v": "1.16.1", "c": "x"}, limit=4096, id=song["id"])
        if answer.status in (200, 206) and answer.failure_code() is None:
            raise answer.fault(f"{endpoint} sends bytes to everybody.")


@chapter.rule(
    "login.basic",
    "An `Authorization` header beside the login does no harm",
    why="DSub sends user name and password so with every request, beside its token",
    severity=Severity.APP,
    apps=("DSub",),
)
def _basic(probe: Probe) -> None:
    probe.need_password()
    pair = f"{probe.login.user}:{probe.login.password}".encode()
    header = "Basic " + b64encode(pair).decode()
    answer = probe.call("ping", headers={"Authorization": header})
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    expect(answer.code() is None, f"It fails with code {answer.code()}.")


@chapter.rule(
    "login.token-and-password",
    "A token wins over a password beside it",
    why="airsonic-refix sends both, and an empty `p` after a reload",
    severity=Severity.APP,
    apps=("airsonic-refix",),
)
def _token_and_password(probe: Probe) -> None:
    probe.need_password()
    if probe.login.form is not Form.TOKEN:
        raise Skipped("The server takes no tokens.")
    for password in (probe.login.password, ""):
        login = {**probe.usual(), "p": password}
        code = _log_in(probe, login)
        beside = "beside the password" if password else "beside an empty `p`"
        expect(code is None, f"The token {beside} is refused with code {code}.")


@chapter.rule(
    "version.old",
    "An app that says 1.2.0 or 1.7.0 gets in",
    why="DSub says 1.2.0 for ever, and Ultrasonic 1.7.0 at first",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic"),
)
def _old_version(probe: Probe) -> None:
    for version in ("1.2.0", "1.7.0"):
        code = _log_in(probe, {**probe.usual(), "v": version})
        expect(code is None, f"Version {version} is refused with code {code}.")


@chapter.rule(
    "version.newer",
    "A later 1.x than the server's gets in, or fails with code 30",
    why=_ERRORS,
    apps=("aonsoku",),
)
def _newer_version(probe: Probe) -> None:
    code = _log_in(probe, {**probe.usual(), "v": "1.99.0"})
    expect(code in (None, 30), f"Expected success or code 30, got {code}.")


@chapter.rule(
    "version.other",
    "Another major version than 1 gets in, or fails with codes 20 and 30",
    why=_ERRORS,
)
def _other_version(probe: Probe) -> None:
    for version, code in (("0.9.0", 20), ("9.0.0", 30)):
        found = _log_in(probe, {**probe.usual(), "v": version})
        expect(found in (None, code), f"Version {version}: expected code {code}, got {found}.")


@chapter.rule(
    "version.absent",
    "Without `v`, or without `c`, the login succeeds or fails with code 10",
    why=_PAGE,
)
def _absent(probe: Probe) -> None:
    for name in ("v", "c"):
        login = {key: value for key, value in probe.usual().items() if key != name}
        code = _log_in(probe, login)
        expect(code in (None, 10), f"Without `{name}`: expected success or code 10, got {code}.")


@chapter.rule(
    "login.silent",
    "No answer repeats a password",
    why="Answers end up in logs and caches",
    severity=Severity.SHOULD,
)
def _silent(probe: Probe) -> None:
    probe.need_password()
    secret = "conformance-wrong-secret"  # noqa: S105 - made up, to be looked for in the answer
    answer = probe.call("ping", login={**probe.usual(Form.PASSWORD), "p": secret})
    expect(secret.encode() not in answer.content, "The failure repeats the password.")
