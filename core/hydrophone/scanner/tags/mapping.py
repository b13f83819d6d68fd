"""One name for each tag, and what the three tag systems call it.

Names and keys are those of MusicBrainz Picard
(https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html), followed by the spellings
that other taggers write. In each cell the first key is the preferred one: a reader takes the
first that has a value, the testing kit writes it.

- ID3: a frame, or `TXXX:description`; `UFID:owner`; `TIPL:function`.
- Vorbis: a field name (also used for APEv2, whose names mostly agree).
- MP4: an atom, or `----:name` for a free-form atom of any vendor.

Readers compare keys without case; they stand here as Picard writes them.
"""

from typing import NamedTuple


class Keys(NamedTuple):
    """What the tag systems call one tag; each in order of preference, empty if unknown there."""

    id3: tuple[str, ...]
    vorbis: tuple[str, ...]
    mp4: tuple[str, ...]


_TABLE = (
    # name, ID3, Vorbis, MP4
    ("title", "TIT2", "TITLE", "©nam"),
    ("titlesort", "TSOT|TXXX:TITLESORT", "TITLESORT", "sonm"),
    ("artist", "TPE1", "ARTIST", "©ART"),
    ("artists", "TXXX:ARTISTS", "ARTISTS", "----:ARTISTS"),
    ("artistsort", "TSOP|TXXX:ARTISTSORT", "ARTISTSORT", "soar"),
    ("albumartist", "TPE2|TXXX:ALBUM ARTIST|TXXX:ALBUMARTIST", "ALBUMARTIST|ALBUM ARTIST", "aART"),
    ("albumartists", "TXXX:ALBUMARTISTS|TXXX:ALBUM_ARTISTS", "ALBUMARTISTS", "----:ALBUMARTISTS"),
    ("albumartistsort", "TSO2|TXXX:ALBUMARTISTSORT", "ALBUMARTISTSORT", "soaa"),
    ("album", "TALB", "ALBUM", "©alb"),
    ("albumsort", "TSOA|TXXX:ALBUMSORT", "ALBUMSORT", "soal"),
    # Not VERSION: it tells tracks of one album apart (Vorbis comment specification).
    (
        "albumversion",
        "TXXX:ALBUMVERSION|TXXX:EDITION|TXXX:MusicBrainz Album Comment",
        "ALBUMVERSION|EDITION|MUSICBRAINZ_ALBUMCOMMENT",
        "----:ALBUMVERSION|----:EDITION|----:MusicBrainz Album Comment",
    ),
    ("tracknumber", "TRCK", "TRACKNUMBER|TRACK", "trkn"),
    ("discnumber", "TPOS", "DISCNUMBER|DISC", "disk"),
    ("discsubtitle", "TSST|TXXX:DISCSUBTITLE", "DISCSUBTITLE|SETSUBTITLE", "----:DISCSUBTITLE"),
    ("date", "TDRC|TDRL|TXXX:DATE|TXXX:YEAR", "DATE|RELEASEDATE|YEAR", "©day|----:DATE"),
    (
        "originaldate",
        "TDOR|TXXX:ORIGINALDATE|TXXX:ORIGINALYEAR",
        "ORIGINALDATE|ORIGINALYEAR",
        "----:ORIGINALDATE|----:ORIGINALYEAR",
    ),
    ("genre", "TCON", "GENRE", "©gen"),
    ("composer", "TCOM", "COMPOSER", "©wrt"),
    ("composersort", "TSOC|TXXX:COMPOSERSORT", "COMPOSERSORT", "soco"),
    ("lyricist", "TEXT", "LYRICIST", "----:LYRICIST"),
    ("writer", "TXXX:WRITER", "WRITER", "----:WRITER"),
    ("conductor", "TPE3", "CONDUCTOR", "----:CONDUCTOR"),
    ("performer", "TMCL|TXXX:PERFORMER", "PERFORMER", "----:PERFORMER"),
    ("remixer", "TPE4", "REMIXER", "----:REMIXER"),
    ("arranger", "TIPL:ARRANGER|TXXX:ARRANGER", "ARRANGER", "----:ARRANGER"),
    ("producer", "TIPL:PRODUCER|TXXX:PRODUCER", "PRODUCER", "----:PRODUCER"),
    ("engineer", "TIPL:ENGINEER|TXXX:ENGINEER", "ENGINEER", "----:ENGINEER"),
    ("mixer", "TIPL:MIX|TXXX:MIXER", "MIXER", "----:MIXER"),
    ("djmixer", "TIPL:DJ-MIX|TXXX:DJMIXER", "DJMIXER", "----:DJMIXER"),
    ("director", "TXXX:DIRECTOR", "DIRECTOR", "©dir"),
    ("mood", "TMOO|TXXX:MOOD", "MOOD", "----:MOOD"),
    ("grouping", "TIT1|GRP1", "GROUPING|CONTENTGROUP", "©grp"),
    ("work", "TXXX:WORK", "WORK", "©wrk|----:WORK"),
    ("movement", "MVNM", "MOVEMENTNAME", "©mvn"),
    ("isrc", "TSRC", "ISRC", "----:ISRC"),
    ("bpm", "TBPM", "BPM|TEMPO", "tmpo"),
    ("comment", "COMM", "COMMENT|DESCRIPTION", "©cmt"),
    ("compilation", "TCMP|TXXX:COMPILATION", "COMPILATION", "cpil"),
    ("explicit", "TXXX:ITUNESADVISORY", "ITUNESADVISORY", "rtng|----:ITUNESADVISORY"),
    (
        "releasetype",
        "TXXX:MusicBrainz Album Type|TXXX:RELEASETYPE",
        "RELEASETYPE|MUSICBRAINZ_ALBUMTYPE",
        "----:MusicBrainz Album Type|----:RELEASETYPE",
    ),
    ("label", "TPUB", "LABEL|PUBLISHER|ORGANIZATION", "----:LABEL|----:PUBLISHER"),
    ("catalognumber", "TXXX:CATALOGNUMBER", "CATALOGNUMBER|CATALOG", "----:CATALOGNUMBER"),
    (
        "musicbrainz_recordingid",
        "UFID:http://musicbrainz.org|TXXX:MusicBrainz Track Id",
        "MUSICBRAINZ_TRACKID",
        "----:MusicBrainz Track Id",
    ),
    (
        "musicbrainz_albumid",
        "TXXX:MusicBrainz Album Id",
        "MUSICBRAINZ_ALBUMID",
        "----:MusicBrainz Album Id",
    ),
    (
        "musicbrainz_releasegroupid",
        "TXXX:MusicBrainz Release Group Id",
        "MUSICBRAINZ_RELEASEGROUPID",
        "----:MusicBrainz Release Group Id",
    ),
    (
        "musicbrainz_artistid",
        "TXXX:MusicBrainz Artist Id",
        "MUSICBRAINZ_ARTISTID",
        "----:MusicBrainz Artist Id",
    ),
    (
        "musicbrainz_albumartistid",
        "TXXX:MusicBrainz Album Artist Id",
        "MUSICBRAINZ_ALBUMARTISTID",
        "----:MusicBrainz Album Artist Id",
    ),
    (
        "replaygain_track_gain",
        "TXXX:REPLAYGAIN_TRACK_GAIN",
        "REPLAYGAIN_TRACK_GAIN",
        "----:REPLAYGAIN_TRACK_GAIN",
    ),
    (
        "replaygain_album_gain",
        "TXXX:REPLAYGAIN_ALBUM_GAIN",
        "REPLAYGAIN_ALBUM_GAIN",
        "----:REPLAYGAIN_ALBUM_GAIN",
    ),
    (
        "replaygain_track_peak",
        "TXXX:REPLAYGAIN_TRACK_PEAK",
        "REPLAYGAIN_TRACK_PEAK",
        "----:REPLAYGAIN_TRACK_PEAK",
    ),
    (
        "replaygain_album_peak",
        "TXXX:REPLAYGAIN_ALBUM_PEAK",
        "REPLAYGAIN_ALBUM_PEAK",
        "----:REPLAYGAIN_ALBUM_PEAK",
    ),
    # RFC 7845, section 5.2.1: Opus only, but harmless elsewhere.
    ("r128_track_gain", "", "R128_TRACK_GAIN", ""),
    ("r128_album_gain", "", "R128_ALBUM_GAIN", ""),
    ("lyrics", "USLT", "LYRICS|SYNCEDLYRICS|UNSYNCEDLYRICS|UNSYNCED LYRICS", "©lyr"),
)


def _cell(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


TAGS = {name: Keys(_cell(id3), _cell(vorbis), _cell(mp4)) for name, id3, vorbis, mp4 in _TABLE}
"""From each tag's name to its keys."""
