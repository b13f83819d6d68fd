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


_SOUNDS = OpenSubsonicExtension(name="sonicSimilarity", versions=(1,))


def extensions(
    mechanisms: Collection[LoginMechanism], *, compares_sounds: bool
) -> tuple[OpenSubsonicExtension, ...]:
    """List the extensions of a server with these ways to log in.

    `compares_sounds` is whether a running plugin does.
    """
    api_keys = (_API_KEYS,) if LoginMechanism.API_KEY in mechanisms else ()
    sounds = (_SOUNDS,) if compares_sounds else ()
    return (*api_keys, *_EXTENSIONS, *sounds)
