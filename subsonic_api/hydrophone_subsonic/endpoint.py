"""How an endpoint is declared: once, by a decorator on the function that answers.

    @endpoint("getSong", element="song")
    async def get_song(call: Call, parameters: GetSong) -> Child: ...

The annotations are part of the declaration: the type of `parameters` says what may be asked, the
return type is what is answered in `element`. An endpoint that returns a `Sender` answers with
bytes and takes HEAD too. Every endpoint is reached by `/name` and `/name.view`, GET and POST.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar, get_type_hints

from hydrophone.domain.user import Roles
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.encoding.envelope import Answer
from hydrophone_subsonic.parameters import Parameter, Parameters, decoder, parameters_of

P = TypeVar("P", bound=Parameters)
R = TypeVar("R", bound=Answer | Sender)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A declared endpoint."""

    name: str
    aliases: tuple[str, ...]
    """Other names of it."""
    element: str
    """Name of the element, or key, of the answer; empty if there is none."""
    role: str
    """A field of `Roles` that the user must have; empty if none is needed."""
    needs_login: bool
    sends_bytes: bool
    takes_json: bool
    """Whether a body of JSON is read for it, beside parameters in the query."""
    fails_by_status: bool
    """Whether failures have an HTTP status of their own instead of 200."""
    parameters: tuple[Parameter, ...]
    """What may be asked of it, in the order of the declaration."""
    run: Callable[[Call], Awaitable[Answer | Sender]]
    """Decode the arguments of a call, and answer."""


def endpoint(
    name: str,
    *,
    aliases: tuple[str, ...] = (),
    element: str = "",
    role: str = "",
    needs_login: bool = True,
    takes_json: bool = False,
    fails_by_status: bool = False,
) -> Callable[[Callable[[Call, P], Awaitable[R]]], Endpoint]:
    """Declare the function that answers one endpoint; see `Endpoint` for what is said.

    Raises:
        ValueError: There is no such role.
    """
    if role and role not in Roles.__struct_fields__:
        raise ValueError(f"There is no role {role}")

    def declare(answer: Callable[[Call, P], Awaitable[R]]) -> Endpoint:
        types = get_type_hints(answer)
        parameters = parameters_of(types["parameters"])
        decode = decoder(types["parameters"])

        def run(call: Call) -> Awaitable[Answer | Sender]:
            return answer(call, decode(call.arguments))

        return Endpoint(
            name=name,
            aliases=aliases,
            element=element,
            role=role,
            needs_login=needs_login,
            sends_bytes=types["return"] == Sender,
            takes_json=takes_json,
            fails_by_status=fails_by_status,
            parameters=parameters,
            run=run,
        )

    return declare
