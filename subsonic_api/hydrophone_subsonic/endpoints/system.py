"""System: is anybody there, and who?"""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.extensions import extensions
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.system import License, OpenSubsonicExtension, TokenInfo


class ByApiKey(Parameters, frozen=True, kw_only=True):
    """The API key that the caller has logged in with; required, so that others get error 10."""

    api_key: str


@endpoint("ping")
async def ping(call: Call, parameters: Parameters) -> None:
    """Answer nothing but the envelope."""


@endpoint("getLicense", element="license")
async def get_license(call: Call, parameters: Parameters) -> License:
    """Say that nothing has to be paid."""
    return License()


@endpoint("getOpenSubsonicExtensions", element="openSubsonicExtensions", needs_login=False)
async def get_open_subsonic_extensions(
    call: Call, parameters: Parameters
) -> tuple[OpenSubsonicExtension, ...]:
    """List the extensions; anybody may ask, with whatever credentials."""
    services = call.services
    return extensions(services.logins.mechanisms, compares_sounds=services.sonic.is_available)


@endpoint("tokenInfo", element="tokenInfo")
async def token_info(call: Call, parameters: ByApiKey) -> TokenInfo:
    """Say whose API key it is (extension apiKeyAuthentication)."""
    return TokenInfo(username=call.user.name)
