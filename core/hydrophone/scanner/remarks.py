"""What there is to say about a file that could be read."""

from hydrophone.domain.report import Note, RemarkKind
from hydrophone.scanner.parsed import ParsedFile


def notes(parsed: ParsedFile) -> list[Note]:
    """Return remarks on a file by its own tags, before anything is filled in; usually none."""
    found = [Note(RemarkKind.LENGTH, parsed.length_remark)] if parsed.length_remark else []
    if not (parsed.title and parsed.artists and parsed.album):
        tags = {"title": parsed.title, "artist": parsed.artists, "album": parsed.album}
        missing = [name for name, value in tags.items() if not value]
        if len(missing) == len(tags):
            found.append(Note(RemarkKind.NO_TAGS, "has no title, artist or album"))
        else:
            found.append(Note(RemarkKind.MISSING_TAGS, "has no " + " and no ".join(missing)))
    if parsed.picture_remark:
        found.append(Note(RemarkKind.PICTURE, parsed.picture_remark))
    return found
