"""Strikes credentials out of text that goes to a log.

Subsonic puts credentials into the URL (`p`, or `t` and `s`, or `apiKey`), and any library may
log a URL, a form, headers or a scope. So this works on text, whoever wrote it, and rather
strikes too much: `s=5` goes, whatever it meant. Clients choose the text, so no pattern may
take more than linear time: each starts at the beginning of a word and never gives back.
"""

import re
from urllib.parse import unquote_plus

STRUCK = "***"

_LETTERS = frozenset("ptsPTS")
"""Credentials only by their place: before an equals sign, or as a name in quotes."""
_WORD = re.compile(
    r"password|passwd|passphrase|secret|token|api[_-]?key|authorization|cookie", re.IGNORECASE
)
"""In whatever a name is made of: `app_password`, `X-Api-Key`, `Set-Cookie`."""

_UNBROKEN = re.compile(r'[^\s"<>]++')
_SEPARATOR = re.compile(r"[?&;]")
_HEADER = re.compile(r"""\b(?P<name>(?:authorization|cookie)\s*+:\s*+)[^"'\r\n]++""", re.IGNORECASE)
_KEY = re.compile(r"""(?<![\w-])(?P<name>[\w-]++)(?P<quote>["']?)\s*+(?P<sign>[=:,])\s*+""")
_QUOTED = r"""b?"(?:\\.|[^"\\])*+"?|b?'(?:\\.|[^'\\])*+'?"""
_VALUE = re.compile(rf"""{_QUOTED}|[\[(](?:{_QUOTED}|[^"'\])])*+[\])]?|[^\s&]++""")
_SCHEME = re.compile(r"\b(?P<name>(?i:Bearer|Basic|Digest)\s++)(?=[a-z]*[A-Z0-9+/=])[^\s\"',]++")
_SHARE = re.compile(r"(?<=/share/)sh-[a-z2-7]++")
"""Whoever knows the id of a share may listen to it."""
_USERINFO = re.compile(r"(?<=://)[^\s/?#@\"']++@")


def redact(text: str) -> str:
    """Return the text with each credential replaced by `***`.

    Struck are whole query strings that hold a credential, and the values of parameters, keys,
    headers and fields with a telling name, as URLs, forms, JSON, HTTP and `repr` write them.
    """
    text = _UNBROKEN.sub(_strike_query, text)
    text = _HEADER.sub(rf"\g<name>{STRUCK}", text)
    text = _strike_values(text)
    text = _SHARE.sub(STRUCK, text)
    text = _SCHEME.sub(rf"\g<name>{STRUCK}", text)
    return _USERINFO.sub(f"{STRUCK}@", text)


def _strike_query(match: re.Match[str]) -> str:
    """Strike the query string of a URL, or a form, if it holds a credential."""
    word = match[0]
    if "=" not in word and "%" not in word:
        return word
    # A name may be written in percent signs, which the server would undo all the same.
    pairs = _SEPARATOR.split(unquote_plus(word) if "%" in word else word)
    if len(pairs) == 1 or not any(_is_credential(pair.partition("=")[0]) for pair in pairs):
        return word
    path, question_mark, _ = word.partition("?")
    return f"{path}?{STRUCK}" if question_mark else STRUCK


def _strike_values(text: str) -> str:
    """Strike what follows a telling name."""
    kept = []
    done = 0
    for key in _KEY.finditer(text):
        if key.start() < done or not _introduces_credential(text, key):
            continue
        value = _VALUE.match(text, key.end())
        if value is not None:
            kept.append(text[done : key.end()])
            done = value.end()
    return STRUCK.join([*kept, text[done:]])


def _introduces_credential(text: str, key: re.Match[str]) -> bool:
    quoted = bool(key["quote"]) and text[key.start() - 1 : key.start()] == key["quote"]
    if key["name"] in _LETTERS:
        return quoted or key["sign"] == "="
    return _is_credential(key["name"]) and (quoted or key["sign"] != ",")


def _is_credential(name: str) -> bool:
    return name in _LETTERS or _WORD.search(name) is not None
