"""Internet radio stations: everybody sees them, and admins change them."""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.mapping.radio import internet_radio_station
from hydrophone_subsonic.parameters import ClearableText, Parameters
from hydrophone_subsonic.responses.radio import InternetRadioStations

_ROLE = "admin"


class CreateInternetRadioStation(Parameters, frozen=True, kw_only=True):
    """A station. The name of the parameter for its page is not that of the answer."""

    stream_url: str
    name: str
    homepage_url: str = ""


class UpdateInternetRadioStation(Parameters, frozen=True, kw_only=True):
    """A station as it is to be; without an address its page stays, an empty one clears it."""

    id: str
    stream_url: str
    name: str
    homepage_url: ClearableText = None


@endpoint("getInternetRadioStations", element="internetRadioStations")
async def get_internet_radio_stations(call: Call, parameters: Parameters) -> InternetRadioStations:
    """List all stations."""
    stations = await call.services.radio.stations()
    return InternetRadioStations(
        internet_radio_station=tuple(map(internet_radio_station, stations))
    )


@endpoint("createInternetRadioStation", role=_ROLE)
async def create_internet_radio_station(call: Call, parameters: CreateInternetRadioStation) -> None:
    """Add a station."""
    await call.services.radio.add(
        call.user, parameters.name, parameters.stream_url, parameters.homepage_url
    )


@endpoint("updateInternetRadioStation", role=_ROLE)
async def update_internet_radio_station(call: Call, parameters: UpdateInternetRadioStation) -> None:
    """Change a station."""
    await call.services.radio.change(
        call.user,
        parameters.id,
        parameters.name,
        parameters.stream_url,
        parameters.homepage_url,
    )


@endpoint("deleteInternetRadioStation", role=_ROLE)
async def delete_internet_radio_station(call: Call, parameters: ById) -> None:
    """Remove a station."""
    await call.services.radio.remove(call.user, parameters.id)
