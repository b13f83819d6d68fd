"""The page of a share: what is in it, with a player for each track. Works without scripts."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from hydrophone import __version__
from hydrophone.domain.ids import AlbumId
from hydrophone.domain.music import Track
from hydrophone.domain.share import OpenShare
from hydrophone.domain.units import Seconds

_MINUTE, _HOUR = 60, 3600
_PLAYED = {"mp3", "flac", "ogg", "oga", "opus", "wav", "aac", "m4a", "m4b", "mp4", "webm"}
"""Suffixes of files that some browser plays."""
_MP4 = {"m4a", "m4b", "mp4"}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
{head}<link rel="stylesheet" href="{base}/page.css">
</head>
<body>
{body}
<footer>Hydrophone {version}</footer>
</body>
</html>
"""
_HEAD = """<meta property="og:site_name" content="Hydrophone">
<meta property="og:type" content="{kind}">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{summary}">
<meta property="og:url" content="{address}/{id}">
<meta property="og:image" content="{address}/{id}/cover">
<meta name="twitter:card" content="summary">
<link rel="icon" href="{base}/{id}/cover">
<script src="{base}/player.js" defer></script>
"""
_BODY = """<header>
<img src="{base}/{id}/cover" alt="" width="600" height="600">
<div>
<h1>{title}</h1>
{lines}
<p class="note">{summary}</p>
{play}{everything}</div>
</header>
<main>
{runs}
</main>"""
_PLAY = '<p><button id="play" type="button" hidden>Play all</button></p>\n'
"""Shown by the script that makes it work."""
_RUN = """{album}<ol>
{rows}
</ol>"""
_ROW = """<li{pictured} data-title="{title}" data-artist="{artist}" data-album="{album}" \
data-cover="{cover}">
{front}
<span class="title">{title}{credit}</span>
<span class="length">{length}</span>
<audio controls{withheld} preload="none" aria-label="{title}">{sources}</audio>
{file}</li>"""


def render_share(share: OpenShare, *, address: str, base: str) -> str:
    """Write the page. `address` is that of all shares in full, `base` its path alone."""
    music, identifier = share.music, share.share.id
    tracks = music.tracks
    title = music.title or share.share.description or f"{len(tracks)} tracks"
    credit = music.artist or _common([track.display_artist for track in tracks])
    summary = f"{_counted(len(tracks))}, {_words(Seconds(sum(one.duration for one in tracks)))}"
    lines = [credit, share.share.description if share.share.description != title else ""]
    pictured = len({track.album_id for track in tracks}) > 1
    runs = [
        _run(
            "" if album == title else album,
            [
                _row(
                    track,
                    place=f"{base}/{identifier}",
                    number=number,
                    credit="" if track.display_artist == credit else track.display_artist,
                    pictured=pictured,
                    may_download=share.may_download,
                )
                for number, track in run
            ],
        )
        for (_, album), run in groupby(enumerate(tracks, 1), _album)
    ]
    head = _HEAD.format(
        kind="music.song" if len(tracks) == 1 else "music.album",
        title=escape(f"{title} - {credit}" if credit else title),
        summary=escape(summary),
        address=escape(address),
        id=identifier,
        base=escape(base),
    )
    body = _BODY.format(
        base=escape(base),
        id=identifier,
        title=escape(title),
        lines="\n".join(f"<p>{escape(line)}</p>" for line in lines if line),
        summary=escape(summary),
        play=_PLAY if len(tracks) > 1 else "",
        everything=_everything(share, f"{escape(base)}/{identifier}", title),
        runs="\n".join(runs),
    )
    return _page(title, head, body, base)


def render_message(message: str, *, base: str) -> str:
    """Write the page that there is instead of a share, in one sentence."""
    body = (
        f"<header><div>\n<h1>Nothing to hear here</h1>\n<p>{escape(message)}</p>\n</div></header>"
    )
    return _page("Nothing to hear here", "", body, base)


def _page(title: str, head: str, body: str, base: str) -> str:
    return _PAGE.format(
        title=escape(title), head=head, body=body, base=escape(base), version=escape(__version__)
    )


def _album(numbered: tuple[int, Track]) -> tuple[AlbumId, str]:
    _, track = numbered
    return track.album_id, track.album_name


def _run(album: str, rows: Sequence[str]) -> str:
    """Write the tracks that follow each other on one album, below its name if one is given."""
    heading = f"<h2>{escape(album)}</h2>\n" if album else ""
    return _RUN.format(album=heading, rows="\n".join(rows))


def _row(
    track: Track, *, place: str, number: int, credit: str, pictured: bool, may_download: bool
) -> str:
    cover = escape(f"{place}/cover/{track.id}")
    front = f'<span class="number">{number}</span>'
    if pictured:
        front = f'<img src="{cover}" alt="" width="120" height="120" loading="lazy">'
    name = f"{track.track_number or number:02} {track.title}.{track.suffix}".replace("/", "_")
    link = f'<a class="file" href="{escape(place)}/download/{track.id}" download="{escape(name)}">'
    return _ROW.format(
        pictured=' class="pictured"' if pictured else "",
        title=escape(track.title),
        artist=escape(track.display_artist),
        album=escape(track.album_name),
        cover=cover,
        front=front,
        credit=f"<small>{escape(credit)}</small>" if credit else "",
        length=_clock(track.duration),
        sources="".join(_sources(track, f"{escape(place)}/stream/{track.id}")),
        # Else Chromium's own menu offers what is not to be had.
        withheld="" if may_download else ' controlslist="nodownload"',
        file=f"{link}Download ({track.suffix})</a>\n" if may_download else "",
    )


def _everything(share: OpenShare, place: str, title: str) -> str:
    """Offer all files at once, if there are several and they may be had."""
    if not share.may_download or len(share.music.tracks) == 1:
        return ""
    name = escape(f"{title}.zip".replace("/", "_"))
    return f'<p><a href="{place}/download" download="{name}">Download all (zip)</a></p>\n'


def _sources(track: Track, address: str) -> Sequence[str]:
    """Offer the file where browsers may play it, and MP3 to those that do not."""
    converted = f'<source src="{address}?format=mp3" type="audio/mpeg">'
    is_alac = track.suffix in _MP4 and track.bit_depth
    if track.suffix not in _PLAYED or is_alac:
        return [converted]
    plain = f'<source src="{address}" type="{escape(track.content_type)}">'
    return [plain] if track.suffix == "mp3" else [plain, converted]


def _common(names: Sequence[str]) -> str:
    return names[0] if len(set(names)) == 1 else ""


def _counted(tracks: int) -> str:
    return "1 track" if tracks == 1 else f"{tracks} tracks"


def _words(seconds: Seconds) -> str:
    minutes = max(1, round(seconds / _MINUTE))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _clock(seconds: Seconds) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
