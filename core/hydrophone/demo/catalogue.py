"""What the demo library contains: albums, tracks and in which format each is kept.

The formats differ on purpose, and so do the places of the covers: the demo shows them off.
"""

from pathlib import Path, PurePath

from msgspec import Struct

from hydrophone.demo.covers import Motif, Palette, arches, falling_petals, moonlit_waves, tiles


class DemoTrack(Struct, frozen=True, kw_only=True):
    """One file."""

    piece: str
    """A key of `hydrophone.demo.pieces.PIECES`."""
    title: str
    composer: str
    genre: str
    year: int
    """Of composition, or of the first source."""
    suffix: str


class DemoAlbum(Struct, frozen=True, kw_only=True):
    """One folder."""

    title: str
    artist: str
    is_compilation: bool = False
    cover_lines: str
    """The title as broken into lines on the cover."""
    embeds_cover: bool
    """The cover is inside the files; otherwise it is `cover.jpg` beside them."""
    palette: Palette
    motif: Motif
    tracks: tuple[DemoTrack, ...]

    @property
    def folder(self) -> PurePath:
        """Relative to the library's root."""
        return PurePath(self.artist, self.title)

    def path(self, root: Path, track: DemoTrack) -> Path:
        """Where the file of a track belongs."""
        number = self.tracks.index(track) + 1
        return root / self.folder / f"{number:02} - {track.title}.{track.suffix}"


ALBUMS = (
    DemoAlbum(
        title="The Well-Tempered Clavier",
        artist="Johann Sebastian Bach",
        cover_lines="The Well-Tempered\nClavier",
        embeds_cover=True,
        palette=Palette(
            top=(16, 28, 52),
            bottom=(8, 12, 26),
            ink=(246, 238, 220),
            accents=((233, 178, 84), (214, 98, 70), (94, 154, 166), (238, 222, 184)),
        ),
        motif=arches,
        tracks=(
            DemoTrack(
                piece="prelude-in-c",
                title="Prelude in C major, BWV 846 (opening)",
                composer="Johann Sebastian Bach",
                genre="Baroque",
                year=1722,
                suffix="flac",
            ),
        ),
    ),
    DemoAlbum(
        title="Trois Gymnopédies",
        artist="Erik Satie",
        cover_lines="Trois\nGymnopédies",
        embeds_cover=False,
        palette=Palette(
            top=(250, 214, 190),
            bottom=(226, 150, 142),
            ink=(250, 240, 228),
            accents=(
                (255, 246, 226),
                (216, 140, 138),
                (164, 104, 132),
                (104, 78, 120),
                (58, 56, 98),
                (30, 36, 72),
            ),
        ),
        motif=moonlit_waves,
        tracks=(
            DemoTrack(
                piece="gymnopedie",
                title="Gymnopédie No. 1 (abridged)",
                composer="Erik Satie",
                genre="Impressionism",
                year=1888,
                suffix="opus",
            ),
        ),
    ),
    DemoAlbum(
        title="Preludes, Op. 28",
        artist="Frédéric Chopin",
        cover_lines="Preludes\nOp. 28",
        embeds_cover=False,
        palette=Palette(
            top=(20, 58, 60),
            bottom=(10, 30, 36),
            ink=(248, 236, 226),
            accents=((240, 150, 150), (250, 206, 180), (216, 92, 110), (252, 236, 220)),
        ),
        motif=falling_petals,
        tracks=(
            DemoTrack(
                piece="prelude-in-a",
                title="Prelude in A major, Op. 28 No. 7",
                composer="Frédéric Chopin",
                genre="Romantic",
                year=1839,
                suffix="mp3",
            ),
        ),
    ),
    DemoAlbum(
        title="Three Keepsakes",
        artist="Various Artists",
        is_compilation=True,
        cover_lines="Three Keepsakes",
        embeds_cover=True,
        palette=Palette(
            top=(244, 236, 220),
            bottom=(244, 236, 220),
            ink=(34, 40, 58),
            accents=(
                (34, 62, 94),
                (226, 104, 72),
                (240, 188, 92),
                (104, 162, 150),
                (232, 220, 198),
            ),
        ),
        motif=tiles,
        tracks=(
            DemoTrack(
                piece="fur-elise",
                title="Für Elise (opening)",
                composer="Ludwig van Beethoven",
                genre="Classical",
                year=1810,
                suffix="m4a",
            ),
            DemoTrack(
                piece="canon",
                title="Canon in D (opening)",
                composer="Johann Pachelbel",
                genre="Baroque",
                year=1694,
                suffix="ogg",
            ),
            DemoTrack(
                piece="minuet",
                title="Minuet in G major, BWV Anh. 114",
                composer="Christian Petzold",
                genre="Baroque",
                year=1725,
                suffix="mp3",
            ),
        ),
    ),
)
