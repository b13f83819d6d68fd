"""The part of the schema that is about plugins: who is asked first."""

from typing import Annotated

from msgspec import Meta, Struct

_NAMES = (
    "Names of plugins, or of parts of core, that are asked first, in this order; the others follow "
    "in the order of their tables."
)
_Order = Annotated[tuple[str, ...], Meta(description=_NAMES)]


class ProvidersConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[providers]`: who is asked first where several know something."""

    source: _Order = ()
    metadata_provider: _Order = ()
    artwork_provider: _Order = ()
    lyrics_provider: _Order = ()
    similarity_provider: _Order = ()
    sonic_similarity: _Order = ()
    recognizer: _Order = ()
