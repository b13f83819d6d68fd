"""Videos: which there are, and what they may be watched with."""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.mapping.video import video_child, video_info
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.video import VideoInfo, Videos


@endpoint("getVideos", element="videos")
async def get_videos(call: Call, parameters: Parameters) -> Videos:
    """Show all videos of all libraries, by title."""
    return Videos(video=await in_steps(video_child, await call.services.videos.all(call.user)))


@endpoint("getVideoInfo", element="videoInfo")
async def get_video_info(call: Call, parameters: ById) -> VideoInfo:
    """Show the captions and the sounds of a video."""
    return video_info(await call.services.videos.video(call.user, parameters.id))
