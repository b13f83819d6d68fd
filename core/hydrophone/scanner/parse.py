"""Reads one audio file: tags, stream and fingerprint. Made to run in a sandboxed worker."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from mutagen import MutagenError

from hydrophone.domain.picture import refusal
from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.domain.video import MAYBE_MUSIC
from hydrophone.errors import MediaError
from hydrophone.scanner.fingerprint import fingerprint
from hydrophone.scanner.formats.contents import Contents, Format
from hydrophone.scanner.formats.table import BY_SUFFIX, recognise
from hydrophone.scanner.mp4_pictures import mp4_facts
from hydrophone.scanner.opening import opened
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.payload import Payload
from hydrophone.scanner.shortfall import implausible, is_impossible
from hydrophone.scanner.tags.assemble import assemble

logger = logging.getLogger(__name__)

_LONGEST = 31 * 86_400.0
"""Seconds; damaged headers claim centuries."""
_MOST_SAMPLES = 50_000_000
"""A second: DSD1024 has 45,158,400, of one bit."""
_WIDEST_SAMPLE = 64
"""Bits."""


def parse_music(path: bytes) -> ParsedFile | None:
    """Do what `parse_file` does, but return `None` for a `.mp4` with moving pictures.

    What stands in an `.m4a` beside the sound are pictures for its chapters, and it is music.
    """
    if _suffix(path) == MAYBE_MUSIC:
        with opened(path) as file:
            try:
                if mp4_facts(file.fileno(), os.fstat(file.fileno()).st_size).has_video:
                    return None
            except OSError as error:
                raise MediaError(error.strerror or "cannot be read") from error
    return parse_file(path)


def parse_file(path: bytes) -> ParsedFile:
    """Read the tags and the stream of an audio file and take its fingerprint.

    The path is as `os.fsencode` makes it, since it may not be UTF-8. Whatever the tags contain,
    they are cleaned, cut or left out; only a file whose audio cannot be found raises
    `MediaError`, with a reason for a person that does not name the file. Blocks, for a fraction
    of a millisecond where the file is cached. Hostile files may make it slow or hungry: the
    sandbox sets limits.
    """
    suffix = _suffix(path)
    with opened(path) as file:
        container = _format(file, suffix)
        with _named_errors(container):
            contents = container.read(file)
            fd, size = file.fileno(), os.fstat(file.fileno()).st_size
            payload = container.payload(fd, size)
            stream = _stream(container, suffix, contents, payload)
            refused = refusal(contents.picture) if contents.picture else ""
            remark = container.shortfall(fd, size, contents, payload)
            if remark is None:
                remark = implausible(stream.duration, payload.size)
            return assemble(
                contents.texts,
                picture=b"" if refused else contents.picture,
                picture_remark=refused,
                stream=stream,
                fingerprint=fingerprint(payload),
                length_remark=remark,
            )


def read_picture(path: bytes) -> bytes | None:
    """Return the picture whose digest `parse_file` gives, `None` if the file has none now.

    Path, errors and blocking are as in `parse_file`. The bytes are as embedded: at most
    32 MiB, and they begin as a picture does.
    """
    suffix = _suffix(path)
    with opened(path) as file:
        container = _format(file, suffix)
        with _named_errors(container):
            picture = container.read(file).picture
            return picture if picture and not refusal(picture) else None


def _suffix(path: bytes) -> str:
    return os.path.splitext(os.fsdecode(path))[1].removeprefix(".").lower()  # noqa: PTH122 - hot


def _format(file: BinaryIO, suffix: str) -> Format:
    """Find out what the file is; its name alone says whether it is wanted."""
    if suffix not in BY_SUFFIX:
        raise MediaError("not a kind of file that is scanned")
    try:
        return recognise(file.fileno(), suffix)
    except OSError as error:
        raise MediaError(error.strerror or "cannot be read") from error


@contextmanager
def _named_errors(container: Format) -> Iterator[None]:
    """Turn everything that can go wrong with a damaged file into one kind of error."""
    try:
        yield
    except MediaError:
        raise
    except OSError as error:
        raise MediaError(error.strerror or "cannot be read") from error
    except MutagenError as error:
        logger.debug("mutagen: %s", error)
        raise MediaError(f"not {container.name}, or damaged") from error
    except MemoryError as error:
        raise MediaError("needs more memory than a file may take") from error
    except Exception as error:  # the border: on hostile bytes mutagen raises anything
        logger.debug("mutagen: %r", error)
        raise MediaError("damaged beyond what can be read") from error


def _stream(container: Format, suffix: str, contents: Contents, payload: Payload) -> StreamInfo:
    trim, bit_rate, most_bits = contents.trim, contents.bit_rate, _most_bits(contents)
    if 0 < most_bits < bit_rate:
        bit_rate = 0.0
    duration = contents.seconds
    if not duration and bit_rate:
        duration = payload.size * 8 / bit_rate
    duration = min(max(0.0, duration), _LONGEST)
    if is_impossible(Seconds(duration), payload.size):
        raise MediaError(f"damaged: {implausible(Seconds(duration), payload.size)}")
    if not bit_rate and duration:
        bit_rate = payload.size * 8 / duration
        # Of a length that is far too short: limits go by this number.
        bit_rate = min(bit_rate, most_bits or bit_rate)
    return StreamInfo(
        content_type=container.content_type,
        suffix=suffix if suffix in container.suffixes else container.suffixes[0],
        codec=contents.codec or container.codec,
        codec_profile=contents.profile,
        duration=Seconds(duration),
        bit_rate=Kbps(round(bit_rate / 1000)),
        bit_depth=contents.bit_depth,
        sampling_rate=Hertz(contents.sampling_rate),
        # Of a WavPack in mono mutagen says `True`, which no `int` of an answer may be.
        channel_count=int(contents.channel_count),
        sample_count=trim.sample_count,
        encoder_delay=trim.encoder_delay,
        encoder_padding=trim.encoder_padding,
    )


def _most_bits(contents: Contents) -> float:
    """Return the bits a second that the samples themselves have at most; 0 if nobody knows.

    Raises MediaError if nothing is sampled so often.
    """
    if contents.sampling_rate > _MOST_SAMPLES:
        raise MediaError(f"damaged: says {contents.sampling_rate:,} samples a second")
    return float(contents.sampling_rate * contents.channel_count * _WIDEST_SAMPLE)
