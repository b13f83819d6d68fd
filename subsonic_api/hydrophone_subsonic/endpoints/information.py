"""What is known beyond the music.

Nothing to say is an empty answer here, never an error: airsonic-refix blanks the page of an
artist or album for which one of these calls fails, and Feishin shows a message.
"""

import asyncio

from msgspec import UNSET
from msgspec.structs import replace

from hydrophone.domain.facts import ArtistFacts
from hydrophone.domain.ids import ALBUM, FOLDER, TRACK, kind_of
from hydrophone.domain.music import Artist
from hydrophone.errors import NotFoundError
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.artist import artist, artist_id3
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Count, Parameters
from hydrophone_subsonic.responses.information import AlbumInfo, ArtistInfo, ArtistInfo2
from hydrophone_subsonic.responses.lists import Songs


class GetArtistInfo(Parameters, frozen=True, kw_only=True):
    """Of an artist, or of the artist of an album, song or folder; with so many similar ones."""

    id: str
    count: Count = 20


class GetSimilarSongs(Parameters, frozen=True, kw_only=True):
    """Similar to a song, an album, an artist, or what a folder stands for."""

    id: str
    count: Count = 50


class GetTopSongs(Parameters, frozen=True, kw_only=True):
    """Of an artist, by id (extension topSongsByArtistId) or else by name."""

    id: str = ""
    artist: str = ""
    count: Count = 50
    size: Count | None = None
    """What DSub sends instead of `count`."""


@endpoint("getArtistInfo", element="artistInfo")
async def get_artist_info(call: Call, parameters: GetArtistInfo) -> ArtistInfo:
    """Tell about an artist of the folder view."""
    facts, similar = await _about_artist(call, parameters)
    return ArtistInfo(
        biography=facts.biography or UNSET,
        music_brainz_id=facts.musicbrainz_id or UNSET,
        last_fm_url=facts.url or UNSET,
        similar_artist=tuple(map(artist, similar)),
    )


@endpoint("getArtistInfo2", element="artistInfo2")
async def get_artist_info2(call: Call, parameters: GetArtistInfo) -> ArtistInfo2:
    """Tell about an artist of the tag view."""
    facts, similar = await _about_artist(call, parameters)
    return ArtistInfo2(
        biography=facts.biography or UNSET,
        music_brainz_id=facts.musicbrainz_id or UNSET,
        last_fm_url=facts.url or UNSET,
        similar_artist=tuple(map(artist_id3, similar)),
    )


async def _about_artist(
    call: Call, parameters: GetArtistInfo
) -> tuple[ArtistFacts, tuple[Artist, ...]]:
    """Return what is known of the artist, and the similar artists, as far as there are any."""
    services, user = call.services, call.user
    try:
        artist_id = await _artist_id(call, parameters.id)
        found = (await services.artists.artist(user, artist_id)).artist
        facts, similar = await asyncio.gather(
            services.metadata.artist(user, found),
            services.similarity.similar_artists(user, artist_id, parameters.count),
        )
    except NotFoundError:
        return ArtistFacts(), ()
    # Files are believed: a plugin may have taken one artist for another of the same name.
    return replace(facts, musicbrainz_id=found.musicbrainz_id or facts.musicbrainz_id), similar


async def _artist_id(call: Call, identifier: str) -> str:
    services = call.services
    identifier = await _subject(call, identifier)
    kind = kind_of(identifier)
    if kind == ALBUM:
        artists = (await services.albums.album(call.user, identifier)).album.artists
    elif kind == TRACK:
        artists = (await services.tracks.track(call.user, identifier)).artists
    else:
        return identifier
    return artists[0].id if artists else ""


async def _subject(call: Call, identifier: str) -> str:
    """Return the artist or album that a folder stands for; other ids as they are."""
    if kind_of(identifier) != FOLDER:
        return identifier
    return await call.services.folders.subject(call.user, identifier)


async def _album_info(call: Call, parameters: ById) -> AlbumInfo:
    """Tell about an album; `id` may also be a song's or a folder's."""
    services = call.services
    try:
        identifier = parameters.id
        if kind_of(identifier) == TRACK:
            identifier = (await services.tracks.track(call.user, identifier)).album_id
        if kind_of(identifier) == ALBUM:
            album = (await services.albums.album(call.user, identifier)).album
        else:
            folder = (await services.folders.folder(call.user, identifier)).folder
            if folder.album is None:
                return AlbumInfo()
            album = folder.album
    except NotFoundError:
        return AlbumInfo()
    facts = await services.metadata.album(call.user, album)
    return AlbumInfo(
        notes=facts.notes or UNSET,
        music_brainz_id=album.musicbrainz_id or facts.musicbrainz_id or UNSET,
        last_fm_url=facts.url or UNSET,
    )


@endpoint("getAlbumInfo", element="albumInfo")
async def get_album_info(call: Call, parameters: ById) -> AlbumInfo:
    """Tell about an album of the folder view."""
    return await _album_info(call, parameters)


@endpoint("getAlbumInfo2", element="albumInfo")
async def get_album_info2(call: Call, parameters: ById) -> AlbumInfo:
    """Tell about an album of the tag view; the element has no 2 in its name."""
    return await _album_info(call, parameters)


@endpoint("getSimilarSongs", element="similarSongs")
async def get_similar_songs(call: Call, parameters: GetSimilarSongs) -> Songs:
    """Find songs like those of a song, album or artist."""
    return await _similar_songs(call, parameters)


@endpoint("getSimilarSongs2", element="similarSongs2")
async def get_similar_songs2(call: Call, parameters: GetSimilarSongs) -> Songs:
    """Do the same; by the text only for artists, but clients pass anything."""
    return await _similar_songs(call, parameters)


async def _similar_songs(call: Call, parameters: GetSimilarSongs) -> Songs:
    similarity = call.services.similarity
    try:
        identifier = await _subject(call, parameters.id)
        tracks = await similarity.similar_tracks(call.user, identifier, parameters.count)
    except NotFoundError:
        return Songs(song=())
    return Songs(song=await in_steps(song, tracks))


@endpoint("getTopSongs", element="topSongs")
async def get_top_songs(call: Call, parameters: GetTopSongs) -> Songs:
    """List the best known songs of an artist."""
    similarity = call.services.similarity
    count = parameters.count if parameters.size is None else parameters.size
    if not parameters.id and not parameters.artist:
        raise MissingParameterError("Required parameter artist or id is missing.")
    try:
        if parameters.id:
            artist_id = await _artist_id(call, parameters.id)
            tracks = await similarity.top_tracks_of(call.user, artist_id, count)
        else:
            tracks = await similarity.top_tracks(call.user, parameters.artist, count)
    except NotFoundError:
        return Songs(song=())
    return Songs(song=await in_steps(song, tracks))
