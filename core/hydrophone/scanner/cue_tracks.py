"""Cuts a file that holds a whole disc into the tracks that a CUE sheet names."""

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import xxhash
from msgspec import Struct

from hydrophone.domain.music import ReplayGain
from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.scanner.cue_sheet import (
    MAX_LENGTH,
    CueSheet,
    SheetFile,
    SheetTrack,
    parse_sheet,
    read_sheet,
)
from hydrophone.scanner.parsed import Credit, ParsedFile, RoleCredit, StreamInfo
from hydrophone.scanner.pipeline import ReadFolder
from hydrophone.scanner.plan import FolderWork
from hydrophone.scanner.tags import values
from hydrophone.scanner.walk import FoundFile


class _Beside(Struct, frozen=True):
    """A sheet and the name of its file."""

    name: str
    sheet: CueSheet


def cut(root: str, folder: ReadFolder) -> ReadFolder:
    """Put the tracks of a sheet in the place of each file that has one, beside it or in its tags.

    Reads the sheets beside the files; one that cannot be read is as if it were not there. A file
    of which a sheet names but one track is that track, and stays what its tags say.
    """
    beside = list(_read_sheets(root, folder.work))
    results: list[tuple[FoundFile, ParsedFile | MediaError]] = []
    for file, answer in folder.results:
        if isinstance(answer, MediaError) or not (beside or answer.sheet):
            results.append((file, answer))
            continue
        sheet, tracks = _tracks_of(file, answer, beside)
        answer = _remarked(answer, tracks)
        spans = list(_spans(tracks, answer.stream.duration))
        if len(spans) < 2:
            results.append((file, answer))
            continue
        for number, (track, end) in enumerate(spans, 1):
            part = msgspec.structs.replace(file, part=number)
            results.append((part, _part(answer, sheet, track, end)))
    return ReadFolder(folder.work, results)


def _read_sheets(root: str, work: FolderWork) -> Iterator[_Beside]:
    around = (work.path, *(file.name for file in (*work.changed, *work.others)))
    for name in work.sheets:
        try:
            with open(os.path.join(root, work.path, name), "rb") as file:  # noqa: PTH118, PTH123 - str
                yield _Beside(name, read_sheet(file.read(MAX_LENGTH), (name, *around)))
        except OSError:
            # It has vanished since the walk; the next scan sees that.
            continue


def _tracks_of(
    file: FoundFile, parsed: ParsedFile, beside: Sequence[_Beside]
) -> tuple[CueSheet, Sequence[SheetTrack]]:
    """Find the tracks of a file: on a sheet that names it or is named like it, or in its tags."""
    best: tuple[int, CueSheet, Sequence[SheetTrack]] | None = None
    for found in beside:
        for named in found.sheet.files:
            rank = closeness(file.name, found.name, found.sheet, named)
            if rank > (best[0] if best else 0):
                best = (rank, found.sheet, named.tracks)
    if best is not None:
        return best[1], best[2]
    sheet = parse_sheet(parsed.sheet)
    return sheet, [track for named in sheet.files[:1] for track in named.tracks]


def closeness(file: str, sheet_name: str, sheet: CueSheet, named: SheetFile) -> int:
    """Say how surely a file is the one that a sheet names; 0 if it is another.

    By its name, by that without the suffix, or since the sheet names one file and is called so.
    """
    wanted = file.casefold()
    stem = _stem(wanted)
    # Windows' paths, too: only the last name counts.
    name = named.name.replace("\\", "/").rpartition("/")[2].casefold()
    alone = len(sheet.files) == 1 and _stem(sheet_name.casefold()) in (stem, wanted)
    return 3 if name == wanted else 2 if _stem(name) == stem else 1 if alone else 0


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _remarked(whole: ParsedFile, tracks: Sequence[SheetTrack]) -> ParsedFile:
    """Remark on tracks that begin behind the end of their file."""
    behind = sum((track.start or 0.0) >= whole.stream.duration for track in tracks)
    if not behind or whole.length_remark:
        return whole
    remark = f"ends before {behind} of the {len(tracks)} tracks on its CUE sheet begin"
    return msgspec.structs.replace(whole, length_remark=remark)


def _spans(tracks: Sequence[SheetTrack], duration: Seconds) -> Iterator[tuple[SheetTrack, Seconds]]:
    """Yield tracks with their ends; those that begin behind the end of the file are not there."""
    there = [t for t in tracks if t.start is not None and t.start < duration]
    there.sort(key=lambda track: track.start or 0.0)
    ends = [following.start or Seconds(0) for _, following in pairwise(there)]
    for track, end in zip(there, [*ends, duration], strict=bool(there)):
        if end > (track.start or 0.0):
            yield track, end


def _part(whole: ParsedFile, sheet: CueSheet, track: SheetTrack, end: Seconds) -> ParsedFile:
    """Describe one track: itself by the sheet, its album by the file's tags, else by the sheet."""
    start = track.start or Seconds(0)
    performer = track.fields.get("PERFORMER") or sheet.fields.get("PERFORMER")
    songwriter = track.fields.get("SONGWRITER") or sheet.fields.get("SONGWRITER")
    isrc = track.fields.get("ISRC")
    genre = sheet.fields.get("GENRE")
    return msgspec.structs.replace(
        whole,
        stream=_stream(whole.stream, Seconds(end - start)),
        start=start,
        sheet="",
        fingerprint=xxhash.xxh3_64_hexdigest(f"{whole.fingerprint} {round(start * 75)}".encode()),
        title=track.fields.get("TITLE") or f"Track {track.number}",
        sort_title="",
        track_number=track.number,
        track_total=0,
        disc_number=whole.disc_number or values.number(sheet.fields.get("DISCNUMBER", ""), 9_999),
        artists=(Credit(name=performer),) if performer else whole.artists,
        display_artist="" if performer else whole.display_artist,
        unpaired_artist_ids=() if performer else whole.unpaired_artist_ids,
        album=whole.album or sheet.fields.get("TITLE", ""),
        album_artists=whole.album_artists or _credits(sheet.fields.get("PERFORMER")),
        contributors=(
            *whole.contributors,
            *(RoleCredit(role="composer", credit=credit) for credit in _credits(songwriter)),
        ),
        genres=whole.genres or ((genre,) if genre else ()),
        release_date=whole.release_date or values.date(sheet.fields.get("DATE", "")),
        isrcs=(isrc,) if isrc else (),
        recording_id="",
        acoustid="",
        lyrics=(),
        replay_gain=_replay_gain(whole, sheet, track),
    )


def _stream(whole: StreamInfo, duration: Seconds) -> StreamInfo:
    """Describe what a track will be when it is cut out to be sent."""
    is_lossless = whole.bit_depth > 0
    return msgspec.structs.replace(
        whole,
        content_type="audio/flac" if is_lossless else "audio/mpeg",
        suffix="flac" if is_lossless else "mp3",
        codec="flac" if is_lossless else "mp3",
        codec_profile="",
        duration=duration,
        sample_count=round(duration * whole.sampling_rate) if is_lossless else 0,
        encoder_delay=0,
        encoder_padding=0,
    )


def _credits(name: str | None) -> tuple[Credit, ...]:
    return (Credit(name=name),) if name else ()


def _replay_gain(whole: ParsedFile, sheet: CueSheet, track: SheetTrack) -> ReplayGain | None:
    """Take the track's from the sheet; what the file's tags say of it is said of the album."""
    tagged = whole.replay_gain or ReplayGain()
    album_gain = values.gain(sheet.fields.get("REPLAYGAIN_ALBUM_GAIN", ""))
    album_peak = values.peak(sheet.fields.get("REPLAYGAIN_ALBUM_PEAK", ""))
    found = ReplayGain(
        track_gain=values.gain(track.fields.get("REPLAYGAIN_TRACK_GAIN", "")),
        track_peak=values.peak(track.fields.get("REPLAYGAIN_TRACK_PEAK", "")),
        album_gain=tagged.album_gain if album_gain is None else album_gain,
        album_peak=tagged.album_peak if album_peak is None else album_peak,
    )
    return None if found == ReplayGain() else found
