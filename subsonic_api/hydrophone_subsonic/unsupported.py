"""Endpoints of the protocol that the server does not have, answered on purpose.

A method that nobody knows and one that is not there get the same kind of answer: an ordinary
failure, code 0, with a sentence. An HTTP error would look like a broken server to DSub.
"""

UNSUPPORTED = frozenset(
    {
        # Browsing and searching.
        "getSonicSimilarTracks", "findSonicPath",
    }
)  # fmt: skip
