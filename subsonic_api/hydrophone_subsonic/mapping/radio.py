"""Internet radio."""

from msgspec import UNSET

from hydrophone.domain import radio
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.radio import InternetRadioStation


def internet_radio_station(station: radio.Station) -> InternetRadioStation:
    """Describe a station in the list of stations."""
    return InternetRadioStation(
        id=station.id,
        name=station.name,
        stream_url=station.stream_url,
        home_page_url=station.homepage_url or UNSET,
        cover_art=station.id,
    )


def on_air(on_air: radio.OnAir) -> Child:
    """Describe what a station is playing, as a song on an album that has the station's name."""
    station = on_air.station
    artist, dash, title = on_air.title.partition(" - ")
    return Child(
        id=station.id,
        is_dir=False,
        title=(title if dash else on_air.title) or station.name,
        album=station.name,
        artist=artist if dash else station.name,
        cover_art=station.id,
        media_type="song",
        display_artist=artist if dash else station.name,
    )
