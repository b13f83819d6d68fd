"""Says what the Archive has in the words of Hydrophone's sources."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from hydrophone.domain.remote import Quality, RemoteAlbum, RemoteArtist, RemoteTrack
from hydrophone.domain.units import ByteCount, Kbps, Seconds
from hydrophone.plugin.capabilities.source import Refusal
from hydrophone_internet_archive.archive import Opened
from hydrophone_internet_archive.choosing import choose, withheld
from hydrophone_internet_archive.client import Client
from hydrophone_internet_archive.concerts import Concert
from hydrophone_internet_archive.formats import Format
from hydrophone_internet_archive.items import Item
from hydrophone_internet_archive.recordings import Recording
from hydrophone_internet_archive.shapes import clipped, key
from hydrophone_internet_archive.tracks import Track

_LONGEST_TEXT = 1000
_LONGEST_NOTES = 20_000
_MOST_ARTISTS = 50


class Answers:
    """Makes artists, albums and tracks; asks nobody."""

    def __init__(self, client: Client, formats: Sequence[Format]) -> None:
        """`formats` are those of the configuration, the preferred first."""
        self._client = client
        self._formats = formats

    def artists(self, recordings: Iterable[Recording]) -> tuple[RemoteArtist, ...]:
        """Return who plays there, each once, in order."""
        found: dict[str, RemoteArtist] = {}
        for one in recordings:
            for name in one.creators:
                # The picture is that of the band's collection, which guests do not have.
                own = one.collection if key(one.collection) == key(name) else ""
                found.setdefault(key(name), self._artist(name, own))
        return tuple(found.values())

    def album(self, identifier: str, night: Concert, opened: Opened | None = None) -> RemoteAlbum:
        """Return a recording of a night as an album."""
        one, rank = night.member(identifier)
        tracks = opened.tracks if opened is not None else ()
        return RemoteAlbum(
            native_id=one.identifier,
            title=clipped(one.title, _LONGEST_TEXT),
            artists=self.artists([one])[:_MOST_ARTISTS],
            edition=clipped(one.edition, _LONGEST_TEXT) if night.key else "",
            group_id=night.key,
            rank=rank,
            date=one.date,
            release_types=("live",) if one.is_concert else (),
            track_count=len(tracks),
            duration=Seconds(sum(track.length for track in tracks)),
            artwork_url=self.picture(opened.item) if opened else self._image(one.identifier),
            notes=self._notes(one, opened.item if opened is not None else None),
        )

    def versions(self, night: Concert) -> tuple[RemoteAlbum, ...]:
        """Return all recordings of a night as albums, the best first."""
        return tuple(self.album(one.identifier, night) for one in night.recordings)

    def track(self, opened: Opened, track: Track, album: RemoteAlbum | None = None) -> RemoteTrack:
        """Return a track, and whether it can be had."""
        recording = opened.item.recording
        chosen = choose(opened.item, track, formats=self._formats, quality=Quality.LOSSLESS)
        known = RemoteTrack(
            native_id=track.native_id,
            title=clipped(track.title, _LONGEST_TEXT),
            artists=(
                (self._artist(track.creator),)
                if track.creator
                else self.artists([recording])[:_MOST_ARTISTS]
            ),
            album=album,
            disc_number=track.disc,
            track_number=track.number,
            duration=track.length,
            year=recording.date.year if recording.date is not None else 0,
        )
        if isinstance(chosen, Refusal):
            return replace(known, is_available=False, unavailable_because=chosen.sentence)
        file, form = chosen[0].file, chosen[0].format
        return replace(
            known,
            suffix=form.suffix,
            content_type=form.content_type,
            codec=form.codec,
            size=file.size,
            bit_rate=bit_rate(file.bit_rate, file.size, track.length),
            bit_depth=form.bit_depth,
        )

    def tracks(self, opened: Opened, album: RemoteAlbum | None = None) -> tuple[RemoteTrack, ...]:
        """Return all tracks of an item."""
        return tuple(self.track(opened, one, album) for one in opened.tracks)

    def picture(self, item: Item) -> str:
        """Return the address of an item's picture: what was uploaded as its cover, if anything."""
        for file in item.files:
            name = file.name.rpartition("/")[2].casefold()
            is_picture = file.format.casefold() in {"jpeg", "png"} and file.is_original
            if is_picture and not file.is_private and name.startswith(_COVERS):
                return self._client.download_address(item.recording.identifier, file.name)
        return self._image(item.recording.identifier)

    def _artist(self, name: str, collection: str = "") -> RemoteArtist:
        return RemoteArtist(
            native_id=clipped(name, 500),
            name=clipped(name, _LONGEST_TEXT),
            artwork_url=self._image(collection) if collection else "",
        )

    def _image(self, identifier: str) -> str:
        return self._client.picture_address(identifier)

    def _notes(self, one: Recording, item: Item | None) -> str:
        where = ", ".join(filter(None, (one.venue, one.place)))
        rating = f"{one.rating:.1f} of 5, by {one.reviews}" if one.reviews else ""
        said = {
            "Place": where,
            "Date": one.day,
            "Source": one.source,
            "Lineage": one.lineage,
            "Taper": one.taper,
            "Transferred by": one.transferer,
            "Rating": rating,
            "Licence": item.licence if item is not None else "",
        }
        lines = [f"{name}: {value}" for name, value in said.items() if value]
        if item is not None:
            refusal = withheld(item)
            lines += [refusal.sentence] if refusal is not None else []
            lines += item.notes
        lines.append(self._client.page_address(one.identifier))
        return clipped("\n".join(lines), _LONGEST_NOTES)


_COVERS = ("cover", "front", "folder", "album", "poster")


def bit_rate(said: float, size: ByteCount, length: Seconds) -> Kbps:
    """Return what a file says of its bit rate, else what its size and length make; 0 if unknown."""
    if said:
        return Kbps(round(said))
    return Kbps(round(size * 8 / 1000 / length)) if length else Kbps(0)
