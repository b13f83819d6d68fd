"""Browsing: folders, artists, albums, songs, genres, and what is known of them."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("browsing", "Browsing")

declare_answers(
    chapter,
    "getMusicFolders", "getIndexes", "getMusicDirectory", "getGenres", "getArtists", "getArtist",
    "getAlbum", "getSong", "getVideos", "getArtistInfo", "getArtistInfo2", "getAlbumInfo",
    "getAlbumInfo2",
)  # fmt: skip
declare_refusals(
    chapter, "getMusicDirectory", "getArtist", "getAlbum", "getSong", "getVideoInfo", unknown=True
)
declare_refusals(
    chapter, "getArtistInfo", "getArtistInfo2", "getAlbumInfo", "getAlbumInfo2",
)  # fmt: skip

_DEEPEST = 6
_ARTISTS = 10


@chapter.rule(
    "folders.named",
    "Each music folder has an id and a name of its own",
    why="docs:responses/musicfolder/",
    apps=("DSub",),
)
def _folders(probe: Probe) -> None:
    folders: list[Json] = probe.ask("getMusicFolders")["musicFolders"].get("musicFolder", [])
    if not folders:
        raise Skipped("There is no music folder.")
    ids = [folder["id"] for folder in folders]
    expect(len(ids) == len(set(ids)), f"Some folders have the same id: {ids}.")
    expect(all(folder.get("name") for folder in folders), "A folder has no name: DSub sorts by it.")


@chapter.rule(
    "folders.unknown",
    "An unknown `musicFolderId` gives an ordinary answer",
    why="Apps keep the id of a folder that is gone",
    severity=Severity.SHOULD,
    apps=("DSub", "Ultrasonic"),
)
def _unknown_folder(probe: Probe) -> None:
    for endpoint in ("getIndexes", "getArtists"):
        answer = probe.call(endpoint, musicFolderId=99999)
        expect(answer.status == 200, f"{endpoint} answers with HTTP status {answer.status}.")
        expect(answer.code() in (None, 70), f"{endpoint} fails with code {answer.code()}.")


def _need_filled(probe: Probe, endpoint: str, element: str) -> None:
    for index in probe.ask(endpoint)[element].get("index", []):
        expect(index.get("artist"), f"The index {index.get('name')!r} has no `artist`.")


@chapter.rule(
    "indexes.filled",
    "No index is empty",
    why="airsonic-refix reads `artist` of each without looking",
    severity=Severity.APP,
    apps=("airsonic-refix",),
)
def _filled(probe: Probe) -> None:
    _need_filled(probe, "getIndexes", "indexes")
    _need_filled(probe, "getArtists", "artists")


@chapter.rule(
    "indexes.not-modified",
    "getIndexes of a time to come has nothing new",
    why="docs:endpoints/getindexes/",
)
def _not_modified(probe: Probe) -> None:
    probe.facts.directory()
    found = probe.ask("getIndexes", ifModifiedSince=4_102_444_800_000)
    expect(not found.get("indexes", {}).get("index"), "It has the whole list all the same.")


@chapter.rule(
    "directory.down",
    "Directories lead down to songs, each entry naming its parent",
    why="docs:endpoints/getmusicdirectory/",
    apps=("DSub", "Ultrasonic"),
)
def _down(probe: Probe) -> None:
    id_ = probe.facts.directory()["id"]
    for _ in range(_DEEPEST):
        directory = probe.ask("getMusicDirectory", id=id_)["directory"]
        children: list[Json] = directory.get("child", [])
        expect(children, f"The directory {directory.get('name')!r} is empty.")
        expect(directory["id"] == id_, f"Asked for {id_!r}, got {directory['id']!r}.")
        for child in children:
            expect(child.get("parent") == id_, f"The parent of {child['id']!r} is not {id_!r}.")
        songs = [child for child in children if not child["isDir"]]
        if songs:
            expect(probe.ask("getSong", id=songs[0]["id"])["song"]["id"] == songs[0]["id"],
                   "getSong gives another song.")  # fmt: skip
            return
        id_ = children[0]["id"]
    raise Skipped(f"No song within {_DEEPEST} levels.")


@chapter.rule(
    "directory.folder",
    "getMusicDirectory takes the id of a music folder",
    why="docs:endpoints/getmusicdirectory/",
    severity=Severity.SHOULD,
)
def _folder(probe: Probe) -> None:
    folder = probe.facts.folder()["id"]
    code = probe.call("getMusicDirectory", id=folder).code()
    expect(code is None, f"The folder {folder} is refused with code {code}.")


@chapter.rule(
    "artist.albums",
    "getArtist lists as many albums as it says",
    why="docs:responses/artistwithalbumsid3/",
    apps=("Feishin",),
)
def _artist_albums(probe: Probe) -> None:
    artist = probe.ask("getArtist", id=probe.facts.artist()["id"])["artist"]
    albums = artist.get("album", [])
    said = artist.get("albumCount", len(albums))
    expect(said == len(albums), f"`albumCount` is {said}, and there are {len(albums)} albums.")
    expect(artist["id"] == probe.facts.artist()["id"], "It is another artist.")


@chapter.rule(
    "album.songs", "getAlbum lists as many songs as it says", why="docs:responses/albumid3/"
)
def _album_songs(probe: Probe) -> None:
    for known in probe.facts.albums[:3] or [probe.facts.album()]:
        album = probe.ask("getAlbum", id=known["id"])["album"]
        count = len(album.get("song", []))
        expect(album["id"] == known["id"], f"Asked for {known['id']!r}, got {album['id']!r}.")
        expect(album["songCount"] == count, f"`songCount` is {album['songCount']}, songs {count}.")


@chapter.rule(
    "song.same",
    "A song is the same alone and in its album",
    why="docs:responses/child/",
    apps=("Symfonium",),
)
def _song_same(probe: Probe) -> None:
    known = probe.facts.song()
    song = probe.ask("getSong", id=known["id"])["song"]
    for name in ("id", "title", "album", "artist", "duration", "suffix", "size", "albumId"):
        same = song.get(name) == known.get(name)
        expect(same, f"`{name}` is {song.get(name)!r} alone, in its album {known.get(name)!r}.")


@chapter.rule(
    "song.album", "A song's `albumId` leads to the album that has it", why="docs:responses/child/"
)
def _song_album(probe: Probe) -> None:
    song = probe.facts.song()
    expect(song.get("albumId"), "`albumId` is missing.")
    songs = probe.ask("getAlbum", id=song["albumId"])["album"]["song"]
    expect(song["id"] in [one["id"] for one in songs], "The song is not in this album.")


@chapter.rule(
    "song.lists",
    "A list that some songs have, all have, be it empty",
    why="docs:responses/child/ lets a server lack what OpenSubsonic adds, so an app learns from"
    " what is there what the server knows",
    severity=Severity.SHOULD,
    apps=("Symfonium", "Feishin"),
)
def _song_lists(probe: Probe) -> None:
    probe.need_open_subsonic()
    songs: list[Json] = []
    for album in probe.facts.albums[:3]:
        songs += probe.ask("getAlbum", id=album["id"])["album"].get("song", [])
    lists = {name for song in songs for name, value in song.items() if isinstance(value, list)}
    for song in songs:
        lacking = sorted(lists - song.keys())
        expect(not lacking, f"{song['id']!r} lacks {lacking}, which others have.")


@chapter.rule(
    "artist.leads",
    "The `artistId` of albums and songs leads to an artist",
    why="docs:responses/albumid3/",
    apps=("Feishin", "Symfonium"),
)
def _artist_leads(probe: Probe) -> None:
    things = (*probe.facts.albums, *probe.facts.songs)
    ids = list(dict.fromkeys(str(one["artistId"]) for one in things if one.get("artistId")))
    if not ids:
        raise Skipped(f"None of the {len(things)} albums and songs looked at has an `artistId`.")
    for id_ in ids[:_ARTISTS]:
        found = probe.ask("getArtist", id=id_)["artist"]["id"]
        expect(found == id_, f"`artistId` {id_!r} leads to {found!r}.")


@chapter.rule(
    "genres.named", "Each genre has a name, once", why="docs:responses/genre/", apps=("Ultrasonic",)
)
def _genres(probe: Probe) -> None:
    names = [one.get("value") for one in probe.ask("getGenres")["genres"].get("genre", [])]
    expect(all(names), "A genre has no name.")
    expect(len(names) == len(set(names)), "A genre is listed twice.")
