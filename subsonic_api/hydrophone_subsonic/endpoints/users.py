"""Users."""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.mapping.user import user_with_roles
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.user import User


class ByUsername(Parameters, frozen=True, kw_only=True):
    """One user."""

    username: str


@endpoint("getUser", element="user")
async def get_user(call: Call, parameters: ByUsername) -> User:
    """Show oneself, or to an admin anybody."""
    return user_with_roles(await call.services.accounts.user(call.user, parameters.username))
