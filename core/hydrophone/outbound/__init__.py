"""The one way out: every request to another server goes through this client and its limits."""

from hydrophone.outbound.client import Document, Outbound
from hydrophone.outbound.incoming import Incoming

__all__ = ["Document", "Incoming", "Outbound"]
