"""Signs that nobody sees and that stand in names by accident, copied from web pages or files.

The joiners U+200C and U+200D are not among them: Persian, Indic scripts and emoji are written
with them.
"""

SPACELESS = "\ufeff\u200b\u2060"
"""The byte order mark, the space of no width, the word joiner."""
MARKS = "\u200e\u200f\u061c"
"""Marks of direction (Unicode Standard Annex 9, section 2.6)."""
SPANS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What begins and ends a span of another direction (section 2.1 to 2.5 there)."""
INVISIBLE = SPACELESS + MARKS + SPANS
