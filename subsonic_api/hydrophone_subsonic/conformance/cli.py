"""The command: options, progress, exit codes."""

import os
import sys

import click
import httpx

from hydrophone_subsonic.conformance.gather import describe, gather, log_in
from hydrophone_subsonic.conformance.login import Login
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.report import FORMATS
from hydrophone_subsonic.conformance.rules import CHAPTERS, RULES
from hydrophone_subsonic.conformance.runner import Outcome, Result, run
from hydrophone_subsonic.conformance.verdict import ServerGone, Stopped

PASSWORD_VARIABLE = "SUBSONIC_PASSWORD"  # noqa: S105 - a name
ALL_PASSED, FAILURES, COULD_NOT_RUN = 0, 1, 2

_MARKS = {Outcome.PASSED: ".", Outcome.FAILED: "F", Outcome.SKIPPED: "s"}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("url")
@click.option("-u", "--user", default="", help="The user to log in as.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--api-key", default="", envvar="SUBSONIC_API_KEY", help="Log in by this API key instead."
)
@click.option("--write", is_flag=True, help="Also check what changes something, and put it back.")
@click.option(
    "--only",
    "only",
    multiple=True,
    type=click.Choice([chapter.name for chapter in CHAPTERS]),
    metavar="CHAPTER",
    help="Check this chapter; may be repeated.",
)
@click.option(
    "--format", "format_", default="text", type=click.Choice(sorted(FORMATS)), show_default=True
)
@click.option(
    "--timeout",
    default=20.0,
    type=click.FloatRange(0.1, 600),
    show_default=True,
    help="Seconds for each request.",
)
def main(
    url: str,
    user: str,
    *,
    password_stdin: bool,
    api_key: str,
    write: bool,
    only: tuple[str, ...],
    format_: str,
    timeout: float,
) -> None:
    """Check how well the server at URL speaks Subsonic and OpenSubsonic.

    The password is read from standard input, or from the environment variable SUBSONIC_PASSWORD,
    or asked for. The exit code is 0 if all rules passed, 1 if some failed, 2 if the check could
    not be run to its end.

    Nothing is changed on the server without --write. With it, playlists, stars, ratings,
    bookmarks, shares, radio stations and users are made and removed again, also after Ctrl-C.

    \b
    python -m hydrophone_subsonic.conformance http://127.0.0.1:4040 -u admin
    python -m hydrophone_subsonic.conformance https://music.example -u me --only browsing
    """
    login = Login(
        user="" if api_key else user,
        password="" if api_key else _password(user, from_stdin=password_stdin),
        api_key=api_key,
    )
    headers = {"User-Agent": "subsonic-conformance"}
    rules = [rule for rule in RULES if not only or rule.chapter in only]
    results: list[Result] = []
    server, trouble = login.struck_out(url), ""
    try:
        with httpx.Client(base_url=base(url), timeout=timeout, headers=headers) as http:
            probe = Probe(http, login, may_write=write, seconds=timeout)
            log_in(probe)
            probe.facts = gather(probe)
            server = describe(probe.facts)
            click.echo(f"{server}; {len(rules)} rules", err=True)
            results.extend(run(rules, probe, _progress))
            click.echo(f"\n{probe.trace.requests} requests", err=True)
    except ServerGone as gone:
        trouble = str(gone)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        trouble = f"{login.struck_out(url)} is no address: {error}"
    except Stopped as stopped:
        left = stopped.left or ["nothing was left changed"]
        trouble = "\n".join([str(stopped), *left])
    except KeyboardInterrupt:
        trouble = "Interrupted before anything was changed."
    click.echo(FORMATS[format_](results, server, trouble), nl=False)
    if trouble:
        click.echo(trouble, err=True)
        sys.exit(COULD_NOT_RUN)
    has_failures = any(result.outcome is Outcome.FAILED or result.left for result in results)
    sys.exit(FAILURES if has_failures else ALL_PASSED)


def base(url: str) -> str:
    """Return the address of the server, which people also give with `/rest` at its end.

    Raises `httpx.InvalidURL` if it has a query or a fragment: no request would have it.
    """
    if "?" in url or "#" in url:
        raise httpx.InvalidURL("it must end before ? and #.")
    return url.rstrip("/").removesuffix("/rest")


def _password(user: str, *, from_stdin: bool) -> str:
    if not user:
        raise click.UsageError("Name the user with -u, or give an --api-key.")
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if password := os.environ.get(PASSWORD_VARIABLE, ""):
        return password
    typed: str = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return typed


def _progress(result: Result) -> None:
    click.echo(_MARKS[result.outcome], err=True, nl=False)
