"""The one version of core, the Subsonic layer and the meta-package; bumped on release."""

__version__ = "0.1.0"
