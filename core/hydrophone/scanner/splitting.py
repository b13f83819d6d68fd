"""Takes several names apart that stand in one text of a tag."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from hydrophone.domain.tagging import SplitRules
from hydrophone.scanner.parsed import Credit, ParsedFile, RoleCredit
from hydrophone.scanner.tags.genres import named_genres
from hydrophone.storage.folding import name_key

_MANY = 10_000
_BRACKETS = {"(": ")", "[": "]"}


class Splitter:
    """Applies the rules of one scan to files; what came again is not taken apart again."""

    def __init__(self, rules: SplitRules) -> None:
        self._artists = _Cutter(rules.artists, rules.never)
        self._genres = _Cutter(rules.genres, rules.never)
        # Per scan: the rules are those of this one.
        self._credits = lru_cache(_MANY)(self._cut_credits)
        self._roles = lru_cache(_MANY)(self._cut_roles)
        self._genre_list = lru_cache(_MANY)(self._cut_genres)

    def apply(self, parsed: ParsedFile) -> ParsedFile:
        """Return a file with one credit for each name, and the printed credit as it was.

        Several values of a tag are a list that somebody made on purpose: only a single one is
        taken apart. Sort names and MusicBrainz ids are kept where there are as many.
        """
        changes: dict[str, object] = {}
        artists = self._credits(parsed.artists, parsed.unpaired_artist_ids)
        if artists:
            changes["artists"] = artists
            changes["display_artist"] = parsed.display_artist or parsed.artists[0].name
        album_artists = self._credits(parsed.album_artists, parsed.unpaired_album_artist_ids)
        if album_artists:
            changes["album_artists"] = album_artists
            printed = parsed.display_album_artist or parsed.album_artists[0].name
            changes["display_album_artist"] = printed
        contributors = self._roles(parsed.contributors)
        if contributors:
            changes["contributors"] = contributors
        genres = self._genre_list(parsed.genres)
        if genres:
            changes["genres"] = genres
        return msgspec.structs.replace(parsed, **changes) if changes else parsed

    def _cut_credits(
        self, credits_: tuple[Credit, ...], ids: tuple[str, ...]
    ) -> tuple[Credit, ...]:
        """Return what a single credit becomes; nothing if it stays as it is."""
        if len(credits_) != 1:
            return ()
        names = self._artists.cut(credits_[0].name)
        if len(names) == 1:
            return ()
        sort_names = self._artists.cut(credits_[0].sort_name)
        if len(sort_names) != len(names):
            sort_names = [""] * len(names)
        if len(ids) != len(names):
            ids = ("",) * len(names)
        return tuple(
            Credit(name=name, sort_name=sort_name, musicbrainz_id=musicbrainz_id)
            for name, sort_name, musicbrainz_id in zip(names, sort_names, ids, strict=True)
        )

    def _cut_roles(self, roles: tuple[RoleCredit, ...]) -> tuple[RoleCredit, ...]:
        """Return what the credits become; nothing if all stay as they are."""
        counts = Counter((role.role, role.sub_role) for role in roles)
        cut = tuple(
            msgspec.structs.replace(role, credit=credit)
            for role in roles
            for credit in (
                self._cut_credits((role.credit,), ())
                if counts[role.role, role.sub_role] == 1
                else ()
            )
            or (role.credit,)
        )
        return () if len(cut) == len(roles) else cut

    def _cut_genres(self, genres: tuple[str, ...]) -> tuple[str, ...]:
        """Return what the genres become, `Rock` and `rock` one; nothing if all stay as they are."""
        found: dict[str, str] = {}
        parts = self._genres.cut(genres[0]) if len(genres) == 1 else genres
        for name in named_genres(parts):
            found.setdefault(name_key(name), name)
        cut = tuple(found.values())
        return () if cut == genres else cut


class _Cutter:
    """Cuts texts at signs, but not within names that are to stay whole."""

    def __init__(self, signs: Sequence[str], never: Sequence[str]) -> None:
        whole = "|".join(map(re.escape, sorted(never, key=len, reverse=True)))
        cut = "|".join(map(_sign, sorted(signs, key=len, reverse=True)))
        pattern = f"(?P<whole>(?<!\\w)(?:{whole})(?!\\w))|" if whole else "(?P<whole>(?!))|"
        self._pattern = re.compile(f"{pattern}(?P<cut>{cut or '(?!)'})", re.IGNORECASE)

    def cut(self, text: str) -> list[str]:
        """Return the parts that are not empty, at least the text itself."""
        return list(dict.fromkeys(filter(None, self._parts(text)))) or [text]

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        closing = ""
        for found in self._pattern.finditer(text):
            if found["cut"] is not None:
                yield text[at : found.start()].removesuffix(closing).strip()
                at = found.end()
                closing = next((c for o, c in _BRACKETS.items() if o in found["cut"]), closing)
        yield text[at:].strip().removesuffix(closing).strip()


def _sign(sign: str) -> str:
    """Return a pattern; a word such as ` feat. ` may open a bracket: `A (feat. B)`."""
    pattern = re.escape(sign)
    if not re.search(r"\w", sign) or not sign.startswith(" "):
        return pattern
    return rf"\s+[(\[]?{re.escape(sign.strip())}\s+" if sign.endswith(" ") else pattern
