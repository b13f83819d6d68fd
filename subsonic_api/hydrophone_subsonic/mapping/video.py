"""Videos as Child, and their details."""

from collections.abc import Sequence

from msgspec import UNSET

from hydrophone.domain import video
from hydrophone_subsonic.mapping.values import date, optional_date, whole
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.video import AudioTrack, Captions, VideoConversion, VideoInfo


def video_child(video: video.Video, parent: str = "") -> Child:
    """Describe a video; `parent` is the directory that it is shown in, by default its folder."""
    annotation = video.annotation
    return Child(
        id=video.id,
        parent=parent or video.folder_id,
        is_dir=False,
        title=video.title,
        cover_art=video.artwork_id or video.id,
        size=video.size,
        content_type=video.content_type,
        suffix=video.suffix,
        duration=whole(video.duration) if video.duration else UNSET,
        bookmark_position=UNSET if annotation.bookmark is None else annotation.bookmark,
        bit_rate=video.bit_rate or UNSET,
        path=video.path,
        is_video=True,
        user_rating=annotation.rating or UNSET,
        average_rating=video.average_rating or UNSET,
        play_count=annotation.play_count,
        created=date(video.created),
        starred=optional_date(annotation.starred),
        type="video",
        # Of the three words that there are it is the one for what is played.
        media_type="song",
        played=optional_date(annotation.last_played),
        original_width=video.width or UNSET,
        original_height=video.height or UNSET,
    )


def video_info(video: video.Video, conversions: Sequence[video.VideoConversion]) -> VideoInfo:
    """Describe what a video may be watched with."""
    return VideoInfo(
        id=video.id,
        captions=tuple(Captions(id=one.id, name=one.name) for one in video.captions),
        audio_track=tuple(
            AudioTrack(
                id=str(one.index),
                name=one.name or one.language or str(one.index + 1),
                language_code=one.language or UNSET,
            )
            for one in video.audio_tracks
        ),
        conversion=tuple(
            VideoConversion(
                id=video.id,
                bit_rate=one.bit_rate or UNSET,
                audio_track_id=UNSET if one.audio_track is None else one.audio_track,
            )
            for one in conversions
        ),
    )
