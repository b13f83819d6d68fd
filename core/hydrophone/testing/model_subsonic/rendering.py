"""Envelopes as JSON, JSONP and XML."""

from html import escape

TEXTS = {"folder", "allowedUser", "biography", "notes", "versions", "moods", "similarity"}


def element(name: str, value: object) -> str:
    """Write a value as an element, as the XSD and the servers of today do it."""
    if not isinstance(value, dict):
        return f"<{name}>{escape(spelt(value))}</{name}>"
    attributes, children, text = "", "", ""
    if name == "subsonic-response":
        attributes = ' xmlns="http://subsonic.org/restapi"'
    for key, item in value.items():
        if isinstance(item, list):
            children += "".join(element(key, one) for one in item)
        elif isinstance(item, dict) or key in TEXTS:
            children += element(key, item)
        elif key == "value":
            text = escape(spelt(item))
        else:
            attributes += f' {key}="{escape(spelt(item))}"'
    return f"<{name}{attributes}>{text}{children}</{name}>"


def spelt(value: object) -> str:
    """Write a scalar; truth values as the XSD has them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
