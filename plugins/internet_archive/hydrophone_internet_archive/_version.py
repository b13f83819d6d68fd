"""The version of this distribution; it is not that of Hydrophone."""

__version__ = "0.1.0"
