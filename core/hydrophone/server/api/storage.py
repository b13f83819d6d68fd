"""How much room there is."""

from litestar import get
from litestar.di import NamedDependency

from hydrophone.domain.storage_use import StorageUse
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server


@get("/storage", summary="Room used and free", guards=[admins_only], tags=["server"])
async def storage_use(server: NamedDependency[Server]) -> StorageUse:
    """Return what the music of each source takes, and how full the disks are.

    Takes a moment where a cache holds many files.
    """
    return await server.services.storage_uses.look()
