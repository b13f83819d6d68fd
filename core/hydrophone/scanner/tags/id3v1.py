"""ID3v1: 128 bytes at the end of a file (https://id3.org/ID3v1), texts of 30 bytes at most."""

import re

from mutagen.id3 import TCON

from hydrophone.scanner.tags.texts import Texts, clean

_LAYOUT = (("title", 3, 33), ("artist", 33, 63), ("album", 63, 93))
_COMMENT = 31
"""Bytes before the end at which the comment begins: old Mutagen wrote years of less than four."""
_FILLERS = (["Blues"], ["Other"])
"""0 and 12: the byte always says something, and these many programs write who know no genre."""
_TAG = re.compile(b"(?<!APE)TAG.{121,125}$", re.DOTALL)


def read_id3v1_texts(tail: bytes) -> Texts:
    """Read the tag with which the last bytes of a file end; there are no texts without one."""
    found = _TAG.search(tail)
    if found is None:
        return {}
    tag = found[0]
    fields = {name: tag[begin:end] for name, begin, end in _LAYOUT}
    fields["date"] = tag[93:-_COMMENT]
    comment = tag[-_COMMENT:-1]
    texts: dict[str, list[str]] = {}
    if not comment[-2] and comment[-1]:
        # Version 1.1: a zero, and the number of the track.
        texts["tracknumber"] = [str(comment[-1])]
        comment = comment[:-2]
    fields["comment"] = comment
    for name, field in fields.items():
        if text := clean(_decoded(field)):
            texts[name] = [text]
    if tag[-1] < len(TCON.GENRES):
        texts["genre"] = [TCON.GENRES[tag[-1]]]
    return texts


def completed(texts: Texts, id3v1: Texts) -> Texts:
    """Return the texts of better tags, with those of ID3v1 where there are none.

    A list of artists (`ARTISTS`) gets no credit as it is printed: that of ID3v1 may be cut off.
    Where the title is a better tag's, that one had its say on the genre: what ID3v1 has is a
    filler more often than blues.
    """
    missing = {
        name: values
        for name, values in id3v1.items()
        if name not in texts and f"{name}s" not in texts
    }
    if "title" not in missing and missing.get("genre") in _FILLERS:
        del missing["genre"]
    return {**missing, **texts}


def _decoded(field: bytes) -> str:
    """Decode UTF-8, which many programs write, else Latin-1, which was meant."""
    text = field.partition(b"\x00")[0]
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        whole = text[: error.start]
        if error.reason == "unexpected end of data" and not whole.isascii():
            # The last letter was cut in two.
            return whole.decode()
        return text.decode("latin-1")
