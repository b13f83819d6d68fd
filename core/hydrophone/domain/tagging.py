"""How the values of tags are taken apart where a tag system has no list of its own."""

from msgspec import Struct


class SplitRules(Struct, frozen=True, kw_only=True):
    """Signs between several values in one text; each is looked for without regard to case."""

    artists: tuple[str, ...] = ()
    """Of artists and everybody else who is credited, with the blanks that belong to them."""
    genres: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """Names that stay whole although they contain one of these signs."""
