"""Who is asking: password (`p`), token (`t` and `s`) or API key (`apiKey`)."""

from hydrophone.domain.user import User
from hydrophone.errors import AuthenticationError, LoginMechanismOffError
from hydrophone.services.logins import Logins
from hydrophone_subsonic.arguments import Arguments
from hydrophone_subsonic.errors import (
    BadApiKeyError,
    ConflictingLoginsError,
    MissingParameterError,
)

_HEXADECIMAL = "enc:"


async def authenticate(logins: Logins, arguments: Arguments, address: str) -> User:
    """Find the user whom the credentials prove; `address` is where they came from.

    The text of OpenSubsonic calls `p` beside `t` a conflict. But airsonic-refix sends both, and
    an empty `p` after a reload; so the token wins, and only what stands beside an API key is in
    conflict. An `Authorization` header, which DSub always sends, plays no part.

    Raises:
        MissingParameterError: There is no complete set of credentials.
        ConflictingLoginsError: An API key and something else.
        BadApiKeyError: Nobody has this API key.
        TokenLoginUnavailableError: This user, or nobody here, can log in by token.
        LoginMechanismOffError: Nobody here can log in this way.
        AuthenticationError: Wrong name, password or token, or too many of these.
    """
    key = arguments.first("apiKey")
    name, password = arguments.first("u"), arguments.first("p")
    token, salt = arguments.first("t"), arguments.first("s")
    if key:
        if name or password or token or salt:
            raise ConflictingLoginsError("Use either apiKey or u with p, or with t and s.")
        return await _by_api_key(logins, key)
    if not name:
        raise MissingParameterError("Required parameter u is missing.")
    if token and salt:
        return await logins.verify_token(name, token.lower(), salt, address=address)
    if password:
        return await logins.verify_password(name, in_clear(password), address=address)
    missing = "s" if token else "t" if salt else "p, or t and s,"
    raise MissingParameterError(f"Required parameter {missing} is missing.")


async def _by_api_key(logins: Logins, key: str) -> User:
    try:
        return await logins.verify_api_key(key)
    except LoginMechanismOffError:
        raise
    except AuthenticationError as error:
        raise BadApiKeyError("This API key is not valid.") from error


def in_clear(password: str) -> str:
    """Decode `enc:` with hexadecimal UTF-8; a password that merely begins so stays as it is."""
    if not password.startswith(_HEXADECIMAL):
        return password
    try:
        return bytes.fromhex(password.removeprefix(_HEXADECIMAL)).decode()
    except ValueError:
        return password
