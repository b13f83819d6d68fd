"""Internet radio."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.wire import Wire


class InternetRadioStation(Wire, frozen=True, kw_only=True):
    """A station. It is `homePageUrl` here, and `homepageUrl` where it is set."""

    id: str
    name: str
    stream_url: str
    home_page_url: str | UnsetType = UNSET
    cover_art: str


class InternetRadioStations(Wire, frozen=True, kw_only=True):
    """All stations."""

    internet_radio_station: tuple[InternetRadioStation, ...]
