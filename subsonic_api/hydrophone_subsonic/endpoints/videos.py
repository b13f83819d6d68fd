"""Videos: which there are, and what they may be watched with."""

from functools import partial

from hydrophone.domain.captions import CaptionFormat
from hydrophone.services.video_conversion import conversions
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.mapping.video import video_child, video_info
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.video import VideoInfo, Videos
from hydrophone_subsonic.sending import send_text

_CAPTION_TYPES = {
    CaptionFormat.SRT: b"application/x-subrip; charset=utf-8",
    CaptionFormat.VTT: b"text/vtt; charset=utf-8",
}


class GetCaptions(ById, frozen=True, kw_only=True):
    """Of which video, or which captions of it, and in which format."""

    format: CaptionFormat | None = None


@endpoint("getVideos", element="videos")
async def get_videos(call: Call, parameters: Parameters) -> Videos:
    """Show all videos of all libraries, by title."""
    return Videos(video=await in_steps(video_child, await call.services.videos.all(call.user)))


@endpoint("getVideoInfo", element="videoInfo")
async def get_video_info(call: Call, parameters: ById) -> VideoInfo:
    """Show the captions and the sounds of a video, and whether it can be had in another form."""
    video = await call.services.videos.video(call.user, parameters.id)
    can_convert = call.services.streaming.can_transcode
    return video_info(video, conversions(call.user, video) if can_convert else ())


@endpoint("getCaptions")
async def get_captions(call: Call, parameters: GetCaptions) -> Sender:
    """Send captions: of a video the first ones, or those that getVideoInfo has named."""
    found = await call.services.captions.get(call.user, parameters.id, parameters.format)
    text, content_type = found.text.encode(), _CAPTION_TYPES[found.format]
    return partial(send_text, text=text, content_type=content_type)
