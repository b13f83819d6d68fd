"""Cover pictures: thumbnails of what was found, as pure functions for a sandboxed process."""

import warnings
from io import BytesIO
from struct import error as StructError  # noqa: N812 -- an exception, in spite of its name

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from hydrophone.domain.picture import MAX_PIXELS
from hydrophone.errors import MediaError
from hydrophone.media.picture import Picture, ThumbnailRequest

# Memory that is given back after each picture has to be made anew by the kernel for the next: that
# was a sixth of the time (Pillow's documentation, "Block Allocator").
Image.core.set_blocks_max(2)  # type: ignore[attr-defined] # documented, but not in the stubs

_CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    # Cameras put a second picture behind the first; all else is JPEG.
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
"""What every client shows, and may therefore be sent as it is."""

_READABLE = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_BACKGROUND = (255, 255, 255)
"""Paper: most transparent covers are logos that were drawn for it."""
_QUALITY = 85
_MOSAIC_SIZE = 600

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes an orientation (EXIF 2.3, tag 274)."""

_BROKEN = (OSError, ValueError, SyntaxError, EOFError, StructError, Image.DecompressionBombError)
"""What Pillow raises for damaged files, found by trying a hundred thousand of them."""


def make_thumbnail(request: ThumbnailRequest) -> Picture:
    """Make a picture fit for clients: a JPEG, or the very bytes if they will do.

    They do if they are small enough already and of a format that every client shows. Blocking;
    up to a second and some hundred megabytes for the largest pictures.

    Raises:
        MediaError: It is no such picture, damaged, or has more than 40 million pixels.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            # Pillow warns of bombs, refused here at a limit of our own, and of broken EXIF.
            return _mosaic(request) if request.beside else _render(request)
    except UnidentifiedImageError as error:
        raise MediaError("This is no picture of a known format.") from error
    except _BROKEN as error:
        raise MediaError(f"The picture cannot be read: {error}") from error


def _render(request: ThumbnailRequest) -> Picture:
    with Image.open(BytesIO(request.data), formats=_READABLE) as image:
        _refuse_huge(image)
        content_type = _CONTENT_TYPES.get(image.format or "")
        bound = request.size or max(image.size)
        if content_type and bound >= max(image.size):
            return Picture(data=request.data, content_type=content_type)
        return Picture(data=_thumbnail(image, bound), content_type="image/jpeg")


def _mosaic(request: ThumbnailRequest) -> Picture:
    """Put four pictures into the quarters of a square, each cut to a square around its middle."""
    side = max(2, request.size or _MOSAIC_SIZE)
    half = side // 2
    whole = Image.new("RGB", (side, side), _BACKGROUND)
    places = ((0, 0), (half, 0), (0, half), (half, half))
    for data, (left, top) in zip((request.data, *request.beside), places, strict=True):
        with Image.open(BytesIO(data), formats=_READABLE) as image:
            _refuse_huge(image)
            image.draft("RGB", (side, side))
            upright = _upright(_on_paper(_plain(image)), _orientation(image))
            size = (side - left if left else half, side - top if top else half)
            whole.paste(ImageOps.fit(upright, size), (left, top))
    output = BytesIO()
    whole.save(output, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(data=output.getvalue(), content_type="image/jpeg")


def _refuse_huge(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise MediaError(f"A picture of {image.width} x {image.height} pixels is too large.")


def _thumbnail(image: Image.Image, bound: int) -> bytes:
    profile = image.info.get("icc_profile") if image.mode == "RGB" else None
    # JPEG decodes to a half, a quarter or an eighth in a fraction of the time. A fifth more than
    # is needed is enough for what is scaled after that to be sharp.
    enough = bound + bound // 5
    image.draft("RGB", (enough, enough))
    orientation = _orientation(image)
    image = _plain(image)
    image.thumbnail((bound, bound), reducing_gap=2.0)
    image = _on_paper(_upright(image, orientation))
    output = BytesIO()
    image.save(output, "JPEG", quality=_QUALITY, optimize=True, icc_profile=profile)
    return output.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """Decode into RGB or RGBA, for palettes and 16 bits cannot be scaled well."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, _BACKGROUND)
    paper.paste(image, mask=image)
    return paper


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (*_BROKEN, TypeError):
        # A picture is not lost because a camera or an editor wrote rubbish beside it.
        return 1
