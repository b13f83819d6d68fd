"""All artists of the library in memory, while a scan credits files to them."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Artist, ArtistRef
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import catalogue


class ArtistBook:
    """Finds the artist whom a credit means; collects new ones until `flush`."""

    def __init__(self, connection: Connection) -> None:
        self._artists = {artist.id: artist for artist in catalogue.artists(connection)}
        self._aliases = catalogue.aliases(connection)
        self._ids: dict[Credit, ArtistId] = {}
        self._unwritten: dict[ArtistId, Artist] = {}

    def credit(self, credit: Credit, role: str) -> ArtistRef:
        """Return a reference to the artist, under the name as credited here."""
        identifier = self._ids.get(credit)
        if identifier is None:
            computed = artist_id(credit)
            identifier = self._ids[credit] = ArtistId(self._aliases.get(computed, computed))
        known = self._artists.get(identifier)
        if known is None:
            known = Artist(
                id=identifier,
                name=credit.name,
                sort_name=credit.sort_name,
                musicbrainz_id=credit.musicbrainz_id,
                roles=(role,),
            )
            self._put(known)
        elif role not in known.roles or (credit.sort_name and not known.sort_name):
            self._put(
                msgspec.structs.replace(
                    known,
                    roles=tuple(sorted({*known.roles, role})),
                    sort_name=known.sort_name or credit.sort_name,
                )
            )
        return ArtistRef(id=identifier, name=credit.name)

    def flush(self, connection: Connection) -> None:
        """Write what is new; within the caller's transaction."""
        catalogue.put_artists(connection, list(self._unwritten.values()))
        self._unwritten.clear()

    def same_by_name(self) -> Iterator[tuple[ArtistId, ArtistId]]:
        """Yield (old, new) for each artist known by name alone who is certainly another.

        That is so when exactly one artist with a MusicBrainz id has the name; two different
        MusicBrainz ids are two artists (traps 10). And it is so of an artist of another id whose
        name was taken for another one when he came.
        """
        identified = self._identified()
        for artist in self._artists.values():
            if artist.musicbrainz_id:
                continue
            same = identified.get(name_key(artist.name))
            new = artist_id(Credit(name=artist.name)) if same is None else same.id
            if new != artist.id and new in self._artists:
                yield artist.id, new

    def by_name(self) -> dict[ArtistId, ArtistId]:
        """Return {id that the mere name would have: artist} of those whom a name certainly means.

        Sources may have shown them by it before the library told who they are.
        """
        return {
            artist_id(Credit(name=artist.name)): artist.id for artist in self._identified().values()
        }

    def _identified(self) -> dict[str, Artist]:
        """Return {name key: artist} where just one with a MusicBrainz id has the name."""
        identified: dict[str, list[Artist]] = {}
        for artist in self._artists.values():
            if artist.musicbrainz_id:
                identified.setdefault(name_key(artist.name), []).append(artist)
        return {name: same[0] for name, same in identified.items() if len(same) == 1}

    def _put(self, artist: Artist) -> None:
        self._artists[artist.id] = artist
        self._unwritten[artist.id] = artist
