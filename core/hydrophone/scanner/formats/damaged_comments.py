"""Vorbis comments that are damaged: what stands before the damage is read.

Mutagen refuses the whole file, whose audio is sound.
"""

from contextlib import suppress
from typing import Any

from mutagen import MutagenError, flac
from mutagen._vorbis import VCommentDict
from mutagen.oggflac import OggFLAC, OggFLACVComment
from mutagen.oggopus import OggOpus, OggOpusVComment
from mutagen.oggspeex import OggSpeex, OggSpeexVComment
from mutagen.oggvorbis import OggVCommentDict, OggVorbis

_DAMAGE = (MutagenError, LookupError, ValueError)
"""What Mutagen raises over it."""


class _Comments(VCommentDict):
    """Comments that are taken one by one, as long as they can be understood."""

    def load(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - Mutagen's method
        try:
            super().load(*given, **named)  # type: ignore[no-untyped-call] # Mutagen's
        except _DAMAGE:
            # One that is said to be too long runs on into the others, whose lengths hold NULs.
            self[:] = [(name, value) for name, value in self if "\0" not in value]


class _VorbisComments(_Comments, OggVCommentDict):  # type: ignore[misc] # Mutagen's
    pass


class _OpusComments(_Comments, OggOpusVComment):  # type: ignore[misc] # Mutagen's
    pass


class _FlacInOggComments(_Comments, OggFLACVComment):  # type: ignore[misc] # Mutagen's
    pass


class _SpeexComments(_Comments, OggSpeexVComment):  # type: ignore[misc] # Mutagen's
    pass


class _FlacComments(_Comments, flac.VCFLACDict):  # type: ignore[misc] # Mutagen's
    _distrust_size = False
    """The next block is where the length of this one says."""


class _FlacPicture(flac.Picture):
    """A picture; one that is damaged is empty."""

    _distrust_size = False

    def load(self, data: Any) -> None:  # noqa: ANN401 - Mutagen's method
        with suppress(*_DAMAGE):
            super().load(data)  # type: ignore[no-untyped-call] # Mutagen's


class LenientVorbis(OggVorbis):
    """Ogg Vorbis."""

    _Tags = _VorbisComments


class LenientOpus(OggOpus):
    """Ogg Opus."""

    _Tags = _OpusComments


class LenientOggFlac(OggFLAC):
    """FLAC in Ogg."""

    _Tags = _FlacInOggComments


class LenientSpeex(OggSpeex):
    """Speex."""

    _Tags = _SpeexComments


class LenientFlac(flac.FLAC):
    """FLAC; the table of places and all else but comments and pictures is passed over."""

    METADATA_BLOCKS = [  # noqa: RUF012 - Mutagen's
        *(flac.StreamInfo, None, None, None, _FlacComments, None, _FlacPicture)
    ]
