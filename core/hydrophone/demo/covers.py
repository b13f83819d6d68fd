"""Covers for the demo albums, drawn with Pillow: one motif and one palette for each album.

Everything is drawn at twice the size and scaled down, since Pillow's own shapes have hard
edges. The same album always gets the same picture.
"""

import math
import random
from collections.abc import Callable
from io import BytesIO
from unicodedata import normalize

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Motif = Callable[["Canvas"], None]

SIZE = 600
"""Width and height of a finished cover in pixels."""

_SCALE = 2
_SIDE = SIZE * _SCALE
_MARGIN = 84
_TITLE_SIZE = 76
_NAME_SIZE = 46
_ACUTE = "\N{COMBINING ACUTE ACCENT}"
_JPEG_QUALITY = 88


class Palette(Struct, frozen=True, kw_only=True):
    """Colours of a cover."""

    top: Colour
    bottom: Colour
    ink: Colour
    """Of the lettering."""
    accents: tuple[Colour, ...]


class Canvas(Struct, frozen=True, kw_only=True):
    """What a motif draws on."""

    image: Image.Image
    palette: Palette
    chance: random.Random

    def stencil(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """Return an empty stencil; what is drawn on it with `fill=255` will be tinted."""
        mask = Image.new("L", self.image.size)
        return mask, ImageDraw.Draw(mask)

    def tint(self, stencil: Image.Image, colour: Colour, opacity: int) -> None:
        """Lay a colour over what the stencil shows; an opacity of 255 hides what was there."""
        box = stencil.getbbox()
        if box is not None:
            part = stencil.crop(box).point([level * opacity // 255 for level in range(256)])
            self.image.paste(colour, box, part)


def draw_cover(*, title: str, name: str, palette: Palette, motif: Motif) -> bytes:
    """Draw a cover with title and name typeset at its foot; returns a JPEG."""
    corners = Image.new("RGB", (1, 2))
    corners.putdata([palette.top, palette.bottom])
    image = corners.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    chance = random.Random(title)  # noqa: S311 - decoration
    motif(Canvas(image=image, palette=palette, chance=chance))
    draw = ImageDraw.Draw(image)
    lines = [*((line, _TITLE_SIZE) for line in title.split("\n")), (name, _NAME_SIZE)]
    baseline = _SIDE - _MARGIN
    for line, size in reversed(lines):
        _letter(draw, (_MARGIN, baseline), line, size, palette.ink)
        baseline -= int(size * 1.28) + (size == _NAME_SIZE) * 12
    small = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    output = BytesIO()
    small.save(output, "JPEG", quality=_JPEG_QUALITY)
    return output.getvalue()


def arches(canvas: Canvas) -> None:
    """Broken chords: arcs around one centre, swept open by a little more with each ring."""
    centre_x, centre_y = _SIDE * 0.5, _SIDE * 0.37
    for ring in range(14):
        radius = 60 + 27 * ring
        box = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
        start = -90 + 24 * ring
        sweep = 120 + 150 * abs(math.sin(ring * 0.9)) + canvas.chance.uniform(-10, 10)
        colour = canvas.palette.accents[ring % len(canvas.palette.accents)]
        stencil, draw = canvas.stencil()
        draw.arc(box, start, start + sweep, fill=255, width=15)
        canvas.tint(stencil, colour, 235)


def moonlit_waves(canvas: Canvas) -> None:
    """A pale disc over hills of water, nearer ones darker."""
    disc = (_SIDE * 0.53, _SIDE * 0.12, _SIDE * 0.85, _SIDE * 0.44)
    for halo, opacity in ((130, 18), (70, 28), (28, 40), (0, 235)):
        stencil, draw = canvas.stencil()
        draw.ellipse((disc[0] - halo, disc[1] - halo, disc[2] + halo, disc[3] + halo), fill=255)
        canvas.tint(stencil, canvas.palette.accents[0], opacity)
    waves = canvas.palette.accents[1:]
    for layer, colour in enumerate(waves):
        level = _SIDE * (0.40 + 0.115 * layer)
        length = _SIDE / (1.15 + 0.35 * layer)
        phase = canvas.chance.uniform(0, math.tau)
        crest = [
            (
                x,
                level
                + 44 * math.sin(math.tau * x / length + phase)
                + 14 * math.sin(x / 95 + phase),
            )
            for x in range(0, _SIDE + 8, 8)
        ]
        stencil, draw = canvas.stencil()
        draw.polygon([*crest, (_SIDE, _SIDE), (0, _SIDE)], fill=255)
        canvas.tint(stencil, colour, 205)


def falling_petals(canvas: Canvas) -> None:
    """Translucent petals that drift down and overlap."""
    for _ in range(46):
        x, y = canvas.chance.uniform(0, _SIDE), _SIDE * 0.68 * canvas.chance.random() ** 1.3
        length = canvas.chance.uniform(90, 250)
        width = length * canvas.chance.uniform(0.2, 0.32)
        turn = canvas.chance.uniform(0.5, 1.1) * math.pi / 2
        stencil, draw = canvas.stencil()
        draw.polygon(_petal(x, y, length, width, turn), fill=255)
        colour = canvas.chance.choice(canvas.palette.accents)
        canvas.tint(stencil, colour, canvas.chance.randrange(60, 150))


def _petal(
    x: float, y: float, length: float, width: float, turn: float
) -> list[tuple[float, float]]:
    """An ellipse with pointed ends, turned by `turn` radians around its centre."""
    outline = []
    for degrees in range(0, 360, 6):
        along = length * math.cos(math.radians(degrees))
        across = width * math.sin(math.radians(degrees)) ** 3
        outline.append(
            (
                x + along * math.cos(turn) - across * math.sin(turn),
                y + along * math.sin(turn) + across * math.cos(turn),
            )
        )
    return outline


def tiles(canvas: Canvas) -> None:
    """A quilt of quarter discs and dots, each turned by chance."""
    across = 6
    side = _SIDE // across
    for number in range(across * 4):
        left, top = side * (number % across), side * (number // across)
        ground, figure = canvas.chance.sample(canvas.palette.accents, 2)
        canvas.image.paste(ground, (left, top, left + side, top + side))
        corner_x, corner_y = canvas.chance.choice([(0, 0), (0, 1), (1, 0), (1, 1)])
        tile = Image.new("L", (side, side))
        draw = ImageDraw.Draw(tile)
        if canvas.chance.random() < 0.25:
            draw.ellipse((side * 0.22, side * 0.22, side * 0.78, side * 0.78), fill=255)
        else:
            x, y = corner_x * side, corner_y * side
            draw.ellipse((x - side, y - side, x + side, y + side), fill=255)
        canvas.image.paste(figure, (left, top), tile)


def _letter(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, ink: Colour
) -> None:
    """Set a line on its baseline; Pillow's own font lacks accents, so acutes are drawn."""
    font = ImageFont.load_default(size=size)
    x, y = at
    for character in normalize("NFD", text):
        if character == _ACUTE:
            left, top, right, _ = draw.textbbox((x, y), "e", font=font, anchor="rs")
            middle = (left + right) / 2
            foot = (middle - size * 0.03, top - size * 0.08)
            head = (middle + size * 0.1, top - size * 0.24)
            draw.line([foot, head], fill=ink, width=round(size * 0.085))
        else:
            draw.text((x, y), character, font=font, fill=ink, anchor="ls")
            x += draw.textlength(character, font=font)
