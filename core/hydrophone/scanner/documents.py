"""Builds the library's tracks and albums from what files say; pure functions."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

from hydrophone.domain.ids import ARTWORK as ARTWORK
from hydrophone.domain.ids import AlbumId, ArtworkId, FolderId, LibraryId, TrackId, encode_id
from hydrophone.domain.music import Album, ArtistRef, Contributor, Disc, Track
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.identity import VARIOUS_ARTISTS
from hydrophone.scanner.parsed import Credit, ParsedFile
from hydrophone.storage.folding import name_key

_MAX_ALBUM_GENRES = 16


def artwork_id(digest: str) -> ArtworkId | None:
    """Return the id of the picture with this digest (hexadecimal, may be empty)."""
    return ArtworkId(encode_id(ARTWORK, int(digest, 16))) if digest else None


def build_track(
    parsed: ParsedFile,
    *,
    identifier: TrackId,
    album_id: AlbumId,
    album_credits: Sequence[Credit],
    artists: ArtistBook,
    artwork: ArtworkId | None,
    library_id: LibraryId,
    folder_id: FolderId,
    path: str,
    size: int,
    created: Timestamp,
) -> Track:
    """Make the track that a file holds; the artists it credits are put into the book."""
    album_artists = tuple(artists.credit(credit, "albumartist") for credit in album_credits)
    contributors = tuple(
        Contributor(
            role=credited.role,
            sub_role=credited.sub_role,
            artist=artists.credit(credited.credit, credited.role),
        )
        for credited in parsed.contributors
    )
    performers = tuple(artists.credit(credit, "artist") for credit in parsed.artists)
    date = parsed.original_date or parsed.release_date
    return Track(
        id=identifier,
        title=parsed.title,
        sort_title=parsed.sort_title,
        album_id=album_id,
        album_name=parsed.album,
        artists=performers,
        display_artist=parsed.display_artist or joined(performers),
        album_artists=album_artists,
        display_album_artist=parsed.display_album_artist or joined(album_artists),
        contributors=contributors,
        display_composer=joined([c.artist for c in contributors if c.role == "composer"]),
        disc_number=parsed.disc_number,
        disc_total=parsed.disc_total,
        track_number=parsed.track_number,
        track_total=parsed.track_total,
        year=date.year if date else 0,
        genres=parsed.genres,
        moods=parsed.moods,
        groupings=parsed.groupings,
        works=parsed.works,
        movements=parsed.movements,
        movement_number=parsed.movement_number,
        languages=parsed.languages,
        isrcs=parsed.isrcs,
        bpm=parsed.bpm,
        comment=parsed.comment,
        explicit_status=parsed.explicit_status,
        musicbrainz_id=parsed.recording_id,
        acoustid=parsed.acoustid,
        replay_gain=parsed.replay_gain,
        duration=parsed.stream.duration,
        size=ByteCount(size),
        suffix=parsed.stream.suffix,
        content_type=parsed.stream.content_type,
        codec=parsed.stream.codec,
        codec_profile=parsed.stream.codec_profile,
        bit_rate=parsed.stream.bit_rate,
        bit_depth=parsed.stream.bit_depth,
        sampling_rate=parsed.stream.sampling_rate,
        channel_count=parsed.stream.channel_count,
        sample_count=parsed.stream.sample_count,
        encoder_delay=parsed.stream.encoder_delay,
        encoder_padding=parsed.stream.encoder_padding,
        path=path,
        library_id=library_id,
        folder_id=folder_id,
        artwork_id=artwork,
        created=created,
    )


def album_from_tags(
    identifier: AlbumId,
    parsed: ParsedFile,
    credits_: tuple[ArtistRef, ...],
    library_id: LibraryId,
) -> Album:
    """Make an album from the tags of one of its files, as yet without tracks.

    Where the tags name no album artist, an album of Various Artists is a compilation.
    """
    date = parsed.original_date or parsed.release_date
    is_various = [artist.name for artist in credits_] == [VARIOUS_ARTISTS.name]
    return Album(
        id=identifier,
        name=parsed.album,
        sort_name=parsed.sort_album,
        edition=parsed.edition,
        artists=credits_,
        display_artist=parsed.display_album_artist or joined(credits_),
        year=date.year if date else 0,
        original_date=parsed.original_date,
        release_date=parsed.release_date,
        labels=parsed.labels,
        release_types=parsed.release_types,
        is_compilation=parsed.is_compilation or (is_various and not parsed.album_artists),
        musicbrainz_id=parsed.release_id,
        library_id=library_id,
        track_count=0,
        duration=Seconds(0.0),
        created=Timestamp(0),
    )


def disc_titles(
    before: Collection[Disc], tracks: Collection[Track], read: Mapping[TrackId, str]
) -> dict[int, str]:
    """Return the titles of discs by their numbers.

    `read` are the titles (empty if there is none) in the files read now. A disc of which some
    were not read may keep the title that it had; one without tracks has none. What has no disc
    number is on the first disc.
    """
    discs = {track.id: track.disc_number or 1 for track in tracks}
    unread = {disc for track_id, disc in discs.items() if track_id not in read}
    titles = {disc.number: disc.title for disc in before if disc.title and disc.number in unread}
    titles |= {disc: read[track_id] for track_id, disc in discs.items() if read.get(track_id)}
    return titles


def discs(titles: Mapping[int, str], pictures: Mapping[int, ArtworkId]) -> tuple[Disc, ...]:
    """Make the discs that have a title or a picture of their own, by number."""
    return tuple(
        Disc(number=number, title=titles.get(number, ""), artwork_id=pictures.get(number))
        for number in sorted({*titles, *pictures})
    )


def with_tracks(
    album: Album, tracks: Sequence[Track], own: tuple[Disc, ...], artwork: ArtworkId | None
) -> Album:
    """Return an album with what follows from its tracks; without any it only loses its count."""
    if not tracks:
        return msgspec.structs.replace(album, track_count=0, duration=Seconds(0.0))
    explicit = {track.explicit_status for track in tracks}
    return msgspec.structs.replace(
        album,
        genres=_most_common([genre for track in tracks for genre in track.genres]),
        moods=_most_common([mood for track in tracks for mood in track.moods]),
        explicit_status="explicit" if "explicit" in explicit else "".join(explicit & {"clean"}),
        discs=own,
        folder_id=tracks[0].folder_id,
        artwork_id=artwork,
        track_count=len(tracks),
        duration=Seconds(sum(track.duration for track in tracks)),
        created=min(track.created for track in tracks),
    )


def joined(artists: Sequence[ArtistRef]) -> str:
    """Return a credit for several artists where the tags have none."""
    return ", ".join(artist.name for artist in artists)


def _most_common(values: list[str]) -> tuple[str, ...]:
    """Return each value once; of `Rock` and `rock`, which are one, the more common spelling."""
    spellings: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for value, count in Counter(values).most_common():
        spellings.setdefault(name_key(value), value)
        counts[name_key(value)] += count
    return tuple(spellings[key] for key, _ in counts.most_common(_MAX_ALBUM_GENRES))
