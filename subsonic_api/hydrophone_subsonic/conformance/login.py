"""The ways to log in that the checker uses itself, and keeping them out of what it prints."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import md5

_SALT = "9f1c7e"
_SECRET = re.compile(r"(?<=[?&])(p|t|s|apiKey|password)=[^&\s]*")


class Form(StrEnum):
    """How a request shows who asks."""

    TOKEN = "token"  # noqa: S105 - a name
    PASSWORD = "password"  # noqa: S105 - a name
    HEX = "hex"
    API_KEY = "apiKey"


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who asks; `password` or `api_key` is empty if it was not given."""

    user: str = ""
    password: str = ""
    api_key: str = ""
    form: Form = Form.TOKEN

    def parameters(self, form: Form | None = None) -> dict[str, str]:
        """Return what goes into each request, in this form or the usual one."""
        match form or self.form:
            case Form.TOKEN:
                return {"u": self.user, "t": token(self.password, _SALT), "s": _SALT}
            case Form.PASSWORD:
                return {"u": self.user, "p": self.password}
            case Form.HEX:
                return {"u": self.user, "p": "enc:" + self.password.encode().hex()}
            case Form.API_KEY:
                return {"apiKey": self.api_key}

    def struck_out(self, text: str) -> str:
        """Take all that could be used to log in out of a text."""
        text = _SECRET.sub(r"\1=***", text)
        for secret in (self.password, self.api_key):
            # A short one would tear holes into every word.
            if len(secret) >= 6:
                text = text.replace(secret, "***").replace(secret.encode().hex(), "***")
        return text


def token(password: str, salt: str) -> str:
    """Make a token as the protocol has it since 1.13.0: md5 of password and salt."""
    return md5((password + salt).encode(), usedforsecurity=False).hexdigest()
