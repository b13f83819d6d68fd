"""The extensions of OpenSubsonic that work entirely, and so may be advertised."""

from hydrophone_subsonic.responses.system import OpenSubsonicExtension

EXTENSIONS = (
    OpenSubsonicExtension(name="formPost", versions=(1,)),
    OpenSubsonicExtension(name="songLyrics", versions=(1,)),
    OpenSubsonicExtension(name="topSongsByArtistId", versions=(1,)),
    OpenSubsonicExtension(name="transcodeOffset", versions=(1,)),
)
"""Clients change their ways by this list: airsonic-refix POSTs everything once it sees formPost.
API keys log in already, but their extension asks for tokenInfo too."""
