"""A Subsonic server in memory that does everything right, until it is told a fault.

It has all 87 endpoints and needs no socket, so that hundreds of runs of a client or a checker take
seconds. It is written from the protocol's documentation and shares no code with our own server.
"""

from hydrophone.testing.model_subsonic.library import Failed
from hydrophone.testing.model_subsonic.server import KEY, ModelServer, Wrong

__all__ = ["KEY", "Failed", "ModelServer", "Wrong"]
