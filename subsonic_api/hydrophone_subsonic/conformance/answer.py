"""What came back from the server, and reading it without trusting it."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
from lxml import etree

from hydrophone_subsonic.conformance.verdict import Fault

Json = dict[str, Any]
"""An object of a stranger's JSON."""

NAMESPACE = "{http://subsonic.org/restapi}"
_EXCERPT = 400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One response of the server, with what had been asked."""

    asked: str
    """Method and address, credentials struck out."""
    status: int
    headers: httpx.Headers
    content: bytes
    is_whole: bool
    """Whether all of the body was read: what is long is cut, where bytes are expected."""
    came: str
    """Status, type and beginning of the body, credentials struck out."""

    @property
    def content_type(self) -> str:
        """Return the media type alone, in lower case."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def redirect(self) -> str:
        """Return where the server sends us instead; empty if it does not."""
        return redirect(self.status, self.headers)

    def fault(self, message: str) -> Fault:
        """Make the verdict that this answer breaks the rule."""
        if self.redirect:
            message = f"The server redirects to {self.redirect}. {message}"
        return Fault(message, asked=self.asked, came=self.came)

    def document(self) -> Json:
        """Read the body as JSON; raise `Fault` if it is no object."""
        try:
            found = json.loads(self.content)
        except ValueError as error:
            raise self.fault(f"{self._body()} is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise self.fault("The body is JSON, but no object.")
        return found

    def _body(self) -> str:
        """Begin a sentence on the body: whose status tells of a failure need be no envelope."""
        return (
            "The body" if self.status == 200 else f"The HTTP status is {self.status}, and the body"
        )

    def envelope(self) -> Json:
        """Return what is in `subsonic-response`; raise `Fault` if there is none."""
        found = self.document().get("subsonic-response")
        if not isinstance(found, dict):
            raise self.fault("There is no object `subsonic-response` in the JSON.")
        if found.get("status") not in ("ok", "failed"):
            raise self.fault(f"`status` is {found.get('status')!r}, neither ok nor failed.")
        return found

    def code(self) -> int | None:
        """Return the code of the error, None for a success; raise `Fault` if it is neither."""
        envelope = self.envelope()
        if envelope["status"] == "ok":
            return None
        error = envelope.get("error")
        if not isinstance(error, dict) or type(error.get("code")) is not int:
            raise self.fault("A failure without an object `error` with an integer `code`.")
        return int(error["code"])

    def root(self) -> etree._Element:
        """Read the body as XML; raise `Fault` if its root is not `subsonic-response`."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            found = etree.fromstring(self.content, parser)
        except etree.XMLSyntaxError as error:
            raise self.fault(f"{self._body()} is no XML: {error}") from error
        if found.tag != f"{NAMESPACE}subsonic-response":
            raise self.fault(f"The root is {found.tag!r}, not `subsonic-response` of {NAMESPACE}.")
        return found

    def failure_code(self) -> int | None:
        """Return the code of a failure in whichever format it is, None if it is none."""
        if self.content_type == "application/json" or self.content[:1] == b"{":
            return self.code()
        if b"subsonic-response" not in self.content[:1000]:
            return None
        error = self.root().find(f"{NAMESPACE}error")
        if error is None:
            return None
        return int(error.get("code") or 0)


def redirect(status: int, headers: httpx.Headers) -> str:
    """Return where a redirect leads; empty for other answers.

    Without query and fragment: what is in these is ours, the credentials.
    """
    location = str(headers.get("location", "")) if 300 <= status < 400 else ""
    return location.partition("?")[0].partition("#")[0]


def described(status: int, headers: httpx.Headers, content: bytes) -> str:
    """Tell of an answer in a few lines."""
    target = redirect(status, headers)
    if target:
        return f"{status} to {target}"
    kind = headers.get("content-type", "no Content-Type")
    is_text = re.search(r"text|json|xml|javascript|mpegurl", kind)
    body = content[:_EXCERPT].decode("utf-8", "replace") if is_text else f"{len(content)} bytes"
    return f"{status} {kind}\n{body}" + (" ..." if is_text and len(content) > _EXCERPT else "")
