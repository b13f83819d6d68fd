"""Hydrophone's core: a music library, its scanner, its services and its server."""

from hydrophone._version import __version__

__all__ = ["__version__"]
