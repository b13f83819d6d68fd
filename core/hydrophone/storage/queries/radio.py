"""Internet radio stations."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.radio import Station
from hydrophone.storage.folding import name_key
from hydrophone.storage.tables.radio import radio_station


def load(connection: Connection) -> tuple[Station, ...]:
    """Return all stations by name."""
    rows = connection.execute(select(radio_station))
    stations = [Station(**row._asdict()) for row in rows]
    return tuple(sorted(stations, key=lambda station: (name_key(station.name), station.id)))


def one(connection: Connection, station_id: str) -> Station | None:
    """Return a station; `None` if there is none with this id."""
    row = connection.execute(select(radio_station).where(radio_station.c.id == station_id)).first()
    return None if row is None else Station(**row._asdict())


def save(connection: Connection, station: Station) -> None:
    """Add a station, or change the one that has this id."""
    values = {
        "name": station.name,
        "stream_url": station.stream_url,
        "homepage_url": station.homepage_url,
    }
    statement = insert(radio_station).values(id=station.id, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[radio_station.c.id], set_=values)
    )


def delete(connection: Connection, station_id: str) -> None:
    """Forget a station, if there is one."""
    connection.execute(radio_station.delete().where(radio_station.c.id == station_id))
