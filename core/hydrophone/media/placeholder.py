"""A drawn cover for what has none: colours, rings and initials, all from the title."""

import colorsys
import re
import unicodedata
from io import BytesIO

import xxhash
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from hydrophone.media.picture import Picture

_Colour = tuple[int, int, int]

_SMALLEST, _LARGEST = 16, 1200
_SHORT = 4
"""A title of so few characters (1989, AC/DC without its stroke, !!!) is set as it is."""
_WORD = re.compile(r"[^\W_]+")
_OVERSAMPLING = 2
"""Pillow draws circles without smoothing; made larger and scaled down, they are smooth."""


def draw_placeholder(title: str, size: int) -> Picture:
    """Draw a square cover, always the same for the same title and size.

    The sides have `size` pixels, within 1 and 1200. Pillow's own font has ASCII only: titles in
    other scripts get the rings alone, never boxes. Takes some milliseconds; calls nothing.
    """
    bound, size = size, max(_SMALLEST, min(size, _LARGEST))
    bits = xxhash.xxh3_64_intdigest(title.encode("utf-8", "surrogateescape"))
    image = _background(bits, size)
    light = Image.new("RGB", image.size, (255, 255, 255))
    image.paste(light, mask=_rings(bits >> 16, size))
    letters = _letters(title)
    if letters:
        draw = ImageDraw.Draw(image)
        font = ImageFont.load_default(size * _type_size(letters))
        draw.text((size / 2, size / 2), letters, (255, 255, 255), font, anchor="mm")
    output = BytesIO()
    image.thumbnail((max(1, bound), max(1, bound)))
    image.save(output, "JPEG", quality=90)
    return Picture(data=output.getvalue(), content_type="image/jpeg")


def _background(bits: int, size: int) -> Image.Image:
    hue = bits % 360
    turn = 35 + (bits >> 9) % 40
    down = Image.linear_gradient("L")
    diagonal = ImageChops.add(down, down.rotate(90), scale=2)
    gradient = diagonal.resize((size, size), Image.Resampling.BICUBIC)
    return ImageOps.colorize(gradient, _colour(hue, 0.42), _colour(hue + turn, 0.22))


def _colour(hue: int, lightness: float) -> _Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, lightness, 0.5)
    return round(red * 255), round(green * 255), round(blue * 255)


def _rings(bits: int, size: int) -> Image.Image:
    """Sound on its way through water, as a mask: rings around a point that the bits choose."""
    side = size * _OVERSAMPLING
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    x = side * (0.1 + 0.8 * (bits % 16) / 15)
    y = side * (0.1 + 0.8 * (bits // 16 % 16) / 15)
    count = 5 + bits // 256 % 4
    step = side * 1.1 / count
    for number in range(count, 0, -1):
        radius = number * step
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, outline=70 - 6 * number, width=max(1, round(side / 90)))
    return mask.resize((size, size), Image.Resampling.BOX)


def _letters(title: str) -> str:
    """Return what to typeset of a title: all if it is short, else two initials, else nothing."""
    folded = unicodedata.normalize("NFKD", title)
    plain = "".join(char for char in folded if not unicodedata.combining(char)).strip()
    if len(plain) <= _SHORT:
        letters = plain
    else:
        letters = "".join(word[0].upper() for word in _WORD.findall(plain)[:2])
    return letters if letters.isascii() and letters.isprintable() else ""


def _type_size(letters: str) -> float:
    return {1: 0.5, 2: 0.4, 3: 0.32}.get(len(letters), 0.26)
