"""`[search]`: how sources beside the libraries are searched, and how long they are remembered."""

from typing import Annotated

from msgspec import Meta, Struct


class SearchConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[search]`: sources of plugins, searched together with the libraries."""

    deadline: Annotated[
        float,
        Meta(
            ge=0.1,
            le=30,
            description="Seconds that a search waits for sources. What comes later is found by "
            "the next search; what the libraries have never waits longer.",
        ),
    ] = 1.5
    fresh_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=24 * 365,
            description="Hours for which an answer of a source is taken for current. An older one "
            "is still shown, and asked for anew at the same time.",
        ),
    ] = 24
    forget_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="Days after which things of sources are forgotten that nobody has starred, "
            "rated, listed, queued, played or kept. They come back under the same ids.",
        ),
    ] = 90
