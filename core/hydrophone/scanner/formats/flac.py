"""FLAC as a file of its own (RFC 9639); within Ogg it is read by the module `ogg`."""

from typing import Any, BinaryIO

from mutagen import flac

from hydrophone.scanner.formats.contents import Contents, Format, whole
from hydrophone.scanner.formats.id3_tags import id3_around
from hydrophone.scanner.payload import flac_payload
from hydrophone.scanner.tags.id3 import read_id3_texts
from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.vorbis import read_vorbis_texts


def _read(file: BinaryIO) -> Contents:
    has_id3 = file.read(3) == b"ID3"
    file.seek(0)
    read = flac.FLAC(file)
    tags: Any = read.tags
    texts = read_vorbis_texts(tags or ())
    if has_id3:
        # Some programs tag every file as if it were an MP3; FLAC's own tags go first.
        texts = {**read_id3_texts(id3_around(file)), **texts}
    return Contents(
        texts=texts,
        picture=choose_picture(
            (picture.type, picture.data) for picture in read.pictures if picture.mime != LINK
        ),
        duration=read.info.length,
        bit_rate=0,
        sampling_rate=read.info.sample_rate,
        channel_count=read.info.channels,
        bit_depth=read.info.bits_per_sample,
        trim=whole(read.info.length, read.info.sample_rate),
    )


FLAC = Format("a FLAC file", "audio/flac", ("flac",), _read, flac_payload)
