"""Vorbis comments that are damaged: what stands before the damage is read.

Mutagen refuses the whole file, whose audio is sound.
"""

from contextlib import suppress
from typing import Any

from mutagen import MutagenError, flac
from mutagen.oggflac import OggFLAC, OggFLACVComment
from mutagen.oggopus import OggOpus, OggOpusVComment
from mutagen.oggspeex import OggSpeex, OggSpeexVComment
from mutagen.oggvorbis import OggVCommentDict, OggVorbis


class _Lenient:
    """What stands before the damage, be it a list of comments or the parts of a picture."""

    def load(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - Mutagen's method
        with suppress(MutagenError, LookupError, ValueError):
            super().load(*given, **named)  # type: ignore[misc] # Mutagen's


class _VorbisComments(_Lenient, OggVCommentDict):  # type: ignore[misc] # Mutagen's
    pass


class _OpusComments(_Lenient, OggOpusVComment):  # type: ignore[misc] # Mutagen's
    pass


class _FlacInOggComments(_Lenient, OggFLACVComment):  # type: ignore[misc] # Mutagen's
    pass


class _SpeexComments(_Lenient, OggSpeexVComment):  # type: ignore[misc] # Mutagen's
    pass


class _FlacComments(_Lenient, flac.VCFLACDict):  # type: ignore[misc] # Mutagen's
    _distrust_size = False
    """The next block is where the length of this one says."""


class _FlacPicture(_Lenient, flac.Picture):
    """A picture; one that is damaged is empty."""

    _distrust_size = False


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
