"""What folder and file names tell where tags are silent: Artist/1999 - Album/NN - Title."""

import re

import msgspec

from hydrophone.domain.music import PartialDate
from hydrophone.scanner.parsed import Credit, ParsedFile

UNKNOWN_ALBUM = "[Unknown Album]"
UNKNOWN_ARTIST = "[Unknown Artist]"

_NUMBERED = re.compile(
    r"(?:(?P<disc>\d{1,2})[-.])?(?P<track>\d{1,3})(?:\s*[-._)]\s*|\s+)(?P<title>\S.*)"
)
_DISC_FOLDER = re.compile(
    r"(?:cd|dis[ck]|disque|lp|vinyl)[\s._#-]*(?P<disc>\d{1,2})\b", re.IGNORECASE
)
_YEAR = re.compile(
    r"^[(\[]?(?P<before>(?:19|20)\d\d)[)\]]?\s*[-._]?\s+|\s*[(\[](?P<behind>(?:19|20)\d\d)[)\]]$"
)


def disc_of_folder(name: str) -> int:
    """Return the disc that a folder like `CD 2` is for; 0 if it is none."""
    match = _DISC_FOLDER.match(name)
    return int(match["disc"]) if match else 0


def album_folder(path: str) -> str:
    """Return the path of the folder that names the album: above `CD 1`, else the folder itself."""
    parent, _, name = path.rpartition("/")
    return parent if disc_of_folder(name) and parent else path


def complete(parsed: ParsedFile, folder: str, file_name: str) -> ParsedFile:
    """Fill what the tags lack from a file's name and folder (printable, relative to the root)."""
    changes: dict[str, object] = {}
    stem = (file_name.rpartition(".")[0] or file_name).replace("_", " ").strip() or file_name
    if not parsed.title:
        numbered = _NUMBERED.fullmatch(stem)
        changes["title"] = numbered["title"].strip() if numbered else stem
        if numbered and not parsed.track_number:
            changes["track_number"] = int(numbered["track"])
            if numbered["disc"] and not parsed.disc_number:
                changes["disc_number"] = int(numbered["disc"])
    if not parsed.disc_number and "disc_number" not in changes:
        changes["disc_number"] = disc_of_folder(folder.rpartition("/")[2])
    above, _, name = album_folder(folder).rpartition("/")
    if not parsed.album:
        changes["album"] = (_YEAR.sub("", name) or name) if name else UNKNOWN_ALBUM
    if not parsed.artists:
        artist = parsed.album_artists or (Credit(name=above.rpartition("/")[2] or UNKNOWN_ARTIST),)
        changes["artists"] = artist
    year = _YEAR.search(name)
    # `2001 A Space Odyssey`, if the tags say so, is a title.
    if year and not (parsed.release_date or parsed.original_date or parsed.album == name):
        changes["release_date"] = PartialDate(year=int(year["before"] or year["behind"]))
    return msgspec.structs.replace(parsed, **changes) if changes else parsed
