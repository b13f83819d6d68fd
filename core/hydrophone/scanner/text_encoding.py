"""Decodes CUE sheets and lyrics, and tells the code page of those that are no Unicode.

Programs for Windows write both in the code page of its language, and nothing in them says which.
A sheet has enough text to tell some of them surely. Where there is any doubt it is taken for
Windows-1252: a wrong guess would give an artist another name, and so another id.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

WESTERN = "cp1252"
_OTHERS = (
    *("cp932", "euc_jp", "gbk", "cp949", "cp950"),
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
)
"""What else Windows writes by default in some language; and EUC-JP, which would pass as Chinese."""
_MOST_BYTES = 64 * 1024
"""That are looked at: more than any honest sheet has."""
_JAPANESE = ("cp932", "euc_jp")
_USUAL = {
    "cp932": re.compile(rb"[\x81-\x98].", re.DOTALL),
    "euc_jp": re.compile(rb"[\xa1-\xcf][\xa1-\xfe]"),
    "cp949": re.compile(rb"[\xb0-\xc8][\xa1-\xfe]"),
    "gbk": re.compile(rb"[\xb0-\xd7][\xa1-\xfe]"),
    "cp950": re.compile(rb"[\xa4-\xc6].", re.DOTALL),
}
"""Signs that make up nearly all of any text: kana and the first level of kanji or hanzi, hangul."""
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]+")
"""Kana, kanji, hangul, and the half-width kana that other texts seem to be in Shift-JIS."""
_KANA = re.compile("[\u3041-\u30fa]")
_CYRILLIC = re.compile("[\u0400-\u04ff]{3,}")
_VOWELS = frozenset("аеёиоуыэюяіїє")
_LEAST_WIDE = 4
"""Different signs, of which a performer's name alone has two or three."""
_LEAST_CYRILLIC = 10
"""Letters in different words; `ÆØÅ` and `ÄÖÜ` would be words, too."""
_CENTRAL = frozenset("ąćęłńóśźżáäčďéěíĺľňôŕřšťúůýž")
_WHOLE_FOR_BROKEN = 5
"""Of so many characters of nearly UTF-8, at most one is broken."""
_NO_WESTERN = frozenset("łąľťż")
"""Those whose bytes are no letters in Windows-1252, but `³`, `¹`, `¾`, nothing and `¿`."""


def decode_text(content: bytes, names: Iterable[str]) -> str:
    """Decode a sheet or lyrics, whatever they are in.

    `names` are those of the files and folders around it: what stands in them and on the sheet
    tells the code page best.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    # Without a mark: both begin with a sign that is ASCII.
    for page, first in (("utf-16-le", content[1:2]), ("utf-16-be", content[:1])):
        if first == b"\0":
            return content.decode(page, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        page = "utf-8-sig" if _is_nearly_utf8(content) else code_page(content, names)
        return content.decode(page, "replace")


def _is_nearly_utf8(content: bytes) -> bool:
    """Say whether few bytes are wrong: a comment that was pasted, or a character that was cut off.

    In other code pages hardly any bytes in a row are a character of UTF-8.
    """
    odd = [sign for sign in content.decode("utf-8", "replace") if not sign.isascii()]
    return odd.count("\ufffd") * _WHOLE_FOR_BROKEN < len(odd)


def code_page(content: bytes, names: Iterable[str]) -> str:
    """Return the code page of what is no Unicode, as Python calls it."""
    if len(content) > _MOST_BYTES:
        content = content[:_MOST_BYTES].rpartition(b"\n")[0]
    possible = _possible(content, names)
    for page, is_like in _LIKE.items():
        if page in possible and (text := _decoded(content, page)) and is_like(text):
            return page
    return possible[0]


def _possible(content: bytes, names: Iterable[str]) -> Sequence[str]:
    """Return the code pages in which most words are in the names, Windows-1252 first.

    These are all, where no word is in any name.
    """
    around = {word for name in names for word in _telling_words(name)}
    shared = {WESTERN: len(around.intersection(_telling_words(content.decode(WESTERN, "replace"))))}
    for page in _OTHERS if around else ():
        shared[page] = len(around.intersection(_telling_words(_decoded(content, page))))
    most = max(shared.values())
    return [page for page in (WESTERN, *_OTHERS) if shared.get(page, 0) == most]


def _telling_words(text: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        if not word.isascii() and len(word) > (1 if _WIDE.match(word) else 2):
            yield word.casefold()


def _decoded(content: bytes, page: str) -> str:
    try:
        return content.decode(page)
    except UnicodeDecodeError:
        return ""


def _is_east_asian(text: str, page: str) -> bool:
    """Say whether a text has the usual signs of a code page, and more than one at a time.

    `Ärzte` seems to have a sign, too, which stands alone among letters.
    """
    runs = _WIDE.findall(text)
    signs = set("".join(runs))
    usual = sum(_USUAL[page].fullmatch(sign.encode(page)) is not None for sign in signs)
    alone = sum(len(run) == 1 for run in runs)
    has_kana = len(set(_KANA.findall(text))) > 1
    return (
        len(signs) >= _LEAST_WIDE
        and usual * 10 >= len(signs) * 9
        and alone * 2 < len(runs)
        and has_kana == (page in _JAPANESE)
    )


def _is_cyrillic(text: str) -> bool:
    """Say whether words are wholly of letters that are accented in western Europe.

    Greek and KOI8-R seem to be, too, with capitals within words or with few vowels.
    """
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    whole = {word for word in words if _CYRILLIC.fullmatch(word)}
    mixed = sum(any(map(str.isascii, word)) for word in words)
    cased = {word for word in whole if _is_cased(word)}
    letters = "".join({word.lower() for word in cased})
    vowels = sum(letter in _VOWELS for letter in letters)
    return (
        len(cased) > 1
        and len(letters) >= _LEAST_CYRILLIC
        and len(cased) * 4 >= len(whole) * 3
        and any(word[0].isupper() for word in cased)
        and mixed * 10 <= len(cased)
        and 3 * len(letters) <= vowels * 10 <= 6 * len(letters)
    )


def _is_central_european(text: str) -> bool:
    """Say whether words have letters in them that are signs, such as `³`, in western Europe."""
    good = set()
    for word in _WORD.findall(text):
        lower = word.lower()
        accented = {letter for letter in lower if not letter.isascii()}
        is_inside = not _NO_WESTERN.isdisjoint(lower[1:-1])
        if is_inside and accented <= _CENTRAL and len(accented) < len(word) and _is_cased(word):
            good.add(lower)
    return len(good) > 2


def _is_cased(word: str) -> bool:
    return word in (word.lower(), word.upper(), word.capitalize())


_LIKE: Mapping[str, Callable[[str], bool]] = {
    **{page: partial(_is_east_asian, page=page) for page in _USUAL},
    "cp1251": _is_cyrillic,
    "cp1250": _is_central_european,
}
"""What text of a code page looks like, but for those that are too much like others."""
