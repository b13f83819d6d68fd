"""An Internet Archive on 127.0.0.1: two servers, and some thirty items shaped like real ones."""

from archive_emulator.items import EmulatedItem
from archive_emulator.server import Emulator, emulator

__all__ = ["EmulatedItem", "Emulator", "emulator"]
