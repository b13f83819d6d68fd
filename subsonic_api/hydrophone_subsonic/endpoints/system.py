"""System: is anybody there, and who?"""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.extensions import EXTENSIONS
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.system import License, OpenSubsonicExtension


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
    return EXTENSIONS
