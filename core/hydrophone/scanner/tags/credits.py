"""Names in tags, each with the sort name and the MusicBrainz id that stand beside it."""

from hydrophone.scanner.parsed import Credit, RoleCredit
from hydrophone.scanner.tags import values
from hydrophone.scanner.tags.texts import MAX_VALUES, Texts

_ROLES = (
    "composer",
    "lyricist",
    "writer",
    "conductor",
    "remixer",
    "arranger",
    "producer",
    "engineer",
    "mixer",
    "djmixer",
    "director",
)
"""Names of tags, and of roles."""


def main_credits(texts: Texts, who: str) -> tuple[tuple[Credit, ...], str]:
    """Return the credits of `artist` or `albumartist`, and the credit as printed.

    The list in the plural tag (`ARTISTS`) is preferred; then the singular one is the printed
    credit, which is `""` otherwise.
    """
    printed = texts.get(who, [])
    listed = texts.get(f"{who}s", [])
    ids = values.uuids(texts.get(f"musicbrainz_{who}id", []))
    people = pair(_separate(listed, ids) or printed, texts.get(f"{who}sort", []), ids)
    return people, printed[0] if listed and len(printed) == 1 else ""


def _separate(listed: list[str], ids: list[str]) -> list[str]:
    """Take a list apart that ID3v2.3 has joined by slashes, if there are as many ids as names."""
    names = [name for part in listed for name in map(str.strip, part.split("/")) if name]
    return names if len(listed) == 1 < len(names) == len(ids) else listed


def unpaired_ids(texts: Texts, who: str, people: tuple[Credit, ...]) -> tuple[str, ...]:
    """Return the MusicBrainz ids of `artist` or `albumartist` that no credit has.

    They belong to several names in one text, which is not taken apart here.
    """
    name = f"musicbrainz_{who}id"
    if name not in texts or any(credit.musicbrainz_id for credit in people):
        return ()
    return tuple(values.uuids(texts[name]))


def contributors(texts: Texts) -> tuple[RoleCredit, ...]:
    """Return everybody who did something else, composers first, performers last."""
    found = []
    for role in _ROLES:
        if role in texts:
            people = pair(texts[role], texts.get(f"{role}sort", []), [])
            found += [RoleCredit(role=role, credit=credit) for credit in people]
    for text in texts.get("performer", []):
        name, instrument = values.performer(text)
        found.append(RoleCredit(role="performer", sub_role=instrument, credit=Credit(name=name)))
    return tuple(found[: 2 * MAX_VALUES])


def pair(names: list[str], sort_names: list[str], ids: list[str]) -> tuple[Credit, ...]:
    """Pair by position; a list of another length cannot be paired and is left out.

    Who stands there twice is there once: ffmpeg writes the author of a WMA two times.
    """
    if len(sort_names) != len(names):
        sort_names = [""] * len(names)
    if len(ids) != len(names):
        ids = [""] * len(names)
    people = (
        Credit(name=name, sort_name=sort_name, musicbrainz_id=musicbrainz_id)
        for name, sort_name, musicbrainz_id in zip(names, sort_names, ids, strict=True)
    )
    return tuple(dict.fromkeys(people))
