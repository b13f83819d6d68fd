"""The Internet Archive as a source of Hydrophone."""

from hydrophone_internet_archive.plugin import InternetArchive

__all__ = ["InternetArchive"]
