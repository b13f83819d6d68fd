"""The OpenSubsonic protocol layer."""

from hydrophone_subsonic.layer import SubsonicLayer

__all__ = ["SubsonicLayer"]
