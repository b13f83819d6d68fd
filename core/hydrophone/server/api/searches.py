"""What somebody has searched at sources."""

from litestar import Router, delete, get
from litestar.di import NamedDependency

from hydrophone.domain.user import User
from hydrophone.server.api.paging import Size
from hydrophone.server.wiring import Server
from hydrophone.storage.queries.past_searches import PastSearch


@get("/", summary="List one's searches")
async def list_searches(
    viewer: NamedDependency[User], server: NamedDependency[Server], size: Size = 20
) -> tuple[PastSearch, ...]:
    """List what one has searched where sources were asked as well; the latest come first.

    The newest hundred are known. What was typed on the way to a word is not among them.
    """
    return await server.elsewhere.search.recent(viewer, size)


@delete("/", summary="Forget one's searches")
async def forget_searches(viewer: NamedDependency[User], server: NamedDependency[Server]) -> None:
    """Forget what one has searched; the next page of a search under way begins anew."""
    await server.elsewhere.search.clear(viewer)


router = Router("/searches", route_handlers=[list_searches, forget_searches], tags=["searches"])
