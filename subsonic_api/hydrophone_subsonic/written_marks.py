"""What users leave on things, written already: thousands of folders have the same of it."""

from collections.abc import Callable
from functools import lru_cache

from hydrophone.domain.annotation import Annotation
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.responses.child import Marks

Describe = Callable[[Annotation, float], Marks]
"""What describes the marks on things of one kind: what a user has left, and all have rated."""

_KEPT = 4096
"""Different ones, of all kinds: 2 to 3 MB for each format. Of songs and albums that were heard
hardly two have the same, but they are asked for again."""


class WrittenMarks:
    """Writes marks in one format, each once as long as it is among those that came last."""

    def __init__(self, encoding: ItemEncoding) -> None:
        def write(describe: Describe, annotation: Annotation, average_rating: float) -> bytes:
            return encoding.marks(describe(annotation, average_rating))

        self.of: Callable[[Describe, Annotation, float], bytes] = lru_cache(maxsize=_KEPT)(write)
        """Return what `ItemEncoding.marked` puts into a thing."""
