"""Tells which files of one folder are one album."""

from collections.abc import Iterable

from msgspec import Struct

from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.folding import name_key


class Entry(Struct, frozen=True):
    """A file that was read, with names filled in where its tags are silent."""

    native_id: str
    path: str
    """Escaped, relative to the library's root."""
    file: FoundFile
    parsed: ParsedFile

    @property
    def size(self) -> int:
        """Bytes; 0 for a track within a file, of which nobody knows what it will be cut out."""
        return self.file.stat[0] if self.parsed.start is None else 0


def grouped(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Cut the files of one folder into groups that are one album each.

    Files without album artist and release id join the only group of the same title that has
    them; a single file that was tagged later does not tear an album apart.
    """
    titles: dict[tuple[str, str], dict[tuple[str, ...], list[Entry]]] = {}
    for entry in entries:
        parsed = entry.parsed
        title = (name_key(parsed.album), name_key(parsed.edition))
        artists = tuple(name_key(credit.name) for credit in parsed.album_artists)
        titles.setdefault(title, {}).setdefault((parsed.release_id, *artists), []).append(entry)
    groups: list[list[Entry]] = []
    for variants in titles.values():
        if len(variants) == 2 and ("",) in variants:
            bare = variants.pop(("",))
            next(iter(variants.values())).extend(bare)
        groups.extend(variants.values())
    return groups
