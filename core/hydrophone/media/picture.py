"""What a process that makes pictures is asked, and what it answers (rendering.py)."""

from msgspec import Struct


class ThumbnailRequest(Struct, frozen=True, kw_only=True, tag=True):
    """A picture, or four that are to be one, and how large it may be."""

    data: bytes
    """The whole file: JPEG, PNG, WebP, GIF (its first frame) or BMP."""
    beside: tuple[bytes, ...] = ()
    """Three more for a mosaic; empty for a single picture."""
    size: int = 0
    """Longest side in pixels; 0 for the original size. Pictures are never enlarged; a mosaic has
    this size, or 600."""


class PlaceholderRequest(Struct, frozen=True, kw_only=True, tag=True):
    """What has no picture, and how large a drawn one is to be."""

    title: str
    size: int
    """Pixels of each side, within 1 and 1200."""


PictureRequest = ThumbnailRequest | PlaceholderRequest


class Picture(Struct, frozen=True, kw_only=True):
    """A picture ready to be sent."""

    data: bytes
    content_type: str
    """By the bytes, not by any name."""
