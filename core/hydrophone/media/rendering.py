"""Makes pictures in a sandboxed process: all that loads Pillow is below this module."""

from hydrophone.media.image import make_thumbnail
from hydrophone.media.picture import Picture, PictureRequest, PlaceholderRequest
from hydrophone.media.placeholder import draw_placeholder


def render(request: PictureRequest) -> Picture:
    """Scale a picture, or draw one. Blocking; raises MediaError as `make_thumbnail` does."""
    if isinstance(request, PlaceholderRequest):
        return draw_placeholder(request.title, request.size)
    return make_thumbnail(request)
