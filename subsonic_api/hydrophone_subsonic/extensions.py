"""The extensions of OpenSubsonic that work entirely, and so may be advertised."""

from collections.abc import Collection

from hydrophone.domain.user import LoginMechanism
from hydrophone_subsonic.responses.system import OpenSubsonicExtension

_EXTENSIONS = (
    OpenSubsonicExtension(name="formPost", versions=(1,)),
    OpenSubsonicExtension(name="getPodcastEpisode", versions=(1,)),
    OpenSubsonicExtension(name="indexBasedQueue", versions=(1,)),
    OpenSubsonicExtension(name="playbackReport", versions=(1,)),
    OpenSubsonicExtension(name="songLyrics", versions=(1, 2)),
    OpenSubsonicExtension(name="topSongsByArtistId", versions=(1,)),
    OpenSubsonicExtension(name="transcodeOffset", versions=(1,)),
    OpenSubsonicExtension(name="transcoding", versions=(1,)),
)
"""Clients change their ways by this list: airsonic-refix POSTs everything once it sees formPost."""
_API_KEYS = OpenSubsonicExtension(name="apiKeyAuthentication", versions=(1,))


def extensions(mechanisms: Collection[LoginMechanism]) -> tuple[OpenSubsonicExtension, ...]:
    """List the extensions of a server on which users can log in by these mechanisms."""
    return (_API_KEYS, *_EXTENSIONS) if LoginMechanism.API_KEY in mechanisms else _EXTENSIONS
