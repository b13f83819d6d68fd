"""What makes two things the same: keys of artists and albums, ids of tracks and folders."""

from collections.abc import Iterable, Iterator, Sequence

from hydrophone.domain.ids import (
    ALBUM,
    ARTIST,
    FOLDER,
    TRACK,
    AlbumId,
    ArtistId,
    FolderId,
    TrackId,
    make_id,
)
from hydrophone.domain.music import Album, ArtistRef
from hydrophone.scanner.fallbacks import album_folder
from hydrophone.scanner.parsed import Credit, ParsedFile
from hydrophone.storage.folding import name_key

VARIOUS_ARTISTS = Credit(
    name="Various Artists", musicbrainz_id="89ad4ac3-39f7-470e-963a-56509c546377"
)
"""The name and the id that MusicBrainz gives to compilations."""

_VARIOUS_NAMES = frozenset(
    """various artists|various artist|various|va|v.a.|v/a|v. a.|diverse|verschiedene
    |diverse interpreten|verschiedene interpreten|varios artistas|varios|vários artistas|vários
    |artistes divers|artistes variés|artisti vari|diverse artiesten|diverse artister
    |różni wykonawcy|různí interpreti|разные исполнители|сборник|різні виконавці
    |オムニバス|ヴァリアス・アーティスト|群星|여러 아티스트""".replace("\n    ", "").split("|")
)
"""As other programs and people call it, in lower case."""
_SEPARATOR = "\x1f"


def artist_id(credit: Credit) -> ArtistId:
    """Compute an artist's id: by MusicBrainz id, else by the normalised name."""
    if credit.musicbrainz_id:
        return ArtistId(make_id(ARTIST, "musicbrainz", credit.musicbrainz_id))
    return ArtistId(make_id(ARTIST, "name", name_key(credit.name)))


def track_id(fingerprint: str, copy: int = 1) -> TrackId:
    """Compute a local track's id from its audio; equal ones are numbered from 2."""
    parts = [fingerprint] if copy == 1 else [fingerprint, str(copy)]
    return TrackId(make_id(TRACK, "local", *parts))


def folder_id(library_name: str, path: str) -> FolderId:
    """Compute a folder's id from its place (escaped path)."""
    return FolderId(make_id(FOLDER, library_name, path))


def album_id(key: str) -> AlbumId:
    """Compute an album's id from the key that it had when it came."""
    return AlbumId(make_id(ALBUM, key))


def album_keys(parsed: ParsedFile, credits_: Sequence[Credit], folder: str) -> Iterator[str]:
    """Yield the keys by which an album may be known, the usual one first.

    The later ones add the folder (escaped path), for discs that would otherwise be taken for
    one: the same release as FLAC and as MP3, two different "Greatest Hits".
    """
    if parsed.release_id:
        key = _SEPARATOR.join(("musicbrainz", parsed.release_id))
    else:
        key = _title_key(credits_, parsed.album, parsed.edition)
    yield key
    path = album_folder(folder)
    yield _SEPARATOR.join((key, path.rpartition("/")[2]))
    yield _SEPARATOR.join((key, path))


def may_be(
    album: Album, credits_: Iterable[Credit | ArtistRef], title: str, edition: str, release_id: str
) -> bool:
    """Say whether tags name an album, though a release id may be missing in them, or on it."""
    return _title_key(credits_, title, edition) == _title_key(
        album.artists, album.name, album.edition
    ) and (not release_id or album.musicbrainz_id in ("", release_id))


def _title_key(credits_: Iterable[Credit | ArtistRef], title: str, edition: str) -> str:
    artists = (name_key(credit.name) for credit in credits_)
    return _SEPARATOR.join(("title", *artists, name_key(title), name_key(edition)))


def album_credits(group: Sequence[ParsedFile]) -> tuple[Credit, ...]:
    """Tell whose album these files of one folder and title are.

    The tag's album artist, else the artist that all of them share, else Various Artists.
    """
    tagged = next((file.album_artists for file in group if file.album_artists), ())
    if tagged:
        various = len(tagged) == 1 and tagged[0].name.casefold() in _VARIOUS_NAMES
        return (VARIOUS_ARTISTS,) if various and not tagged[0].musicbrainz_id else tagged
    if any(file.is_compilation for file in group):
        return (VARIOUS_ARTISTS,)
    shared = group[0].artists[:1]
    same = {name_key(credit.name) for file in group for credit in file.artists[:1]}
    return shared if len(same) == 1 else (VARIOUS_ARTISTS,)
