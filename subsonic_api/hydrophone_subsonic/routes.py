"""From the path of a request to its endpoint."""

from hydrophone.errors import UnsupportedError
from hydrophone_subsonic.endpoint import Endpoint

_SUFFIX = ".view"


class Routes:
    """All endpoints by their paths."""

    def __init__(self, endpoints: tuple[Endpoint, ...]) -> None:
        self._endpoints = {}
        for endpoint in endpoints:
            for name in (endpoint.name, *endpoint.aliases):
                self._endpoints[name] = endpoint
                self._endpoints[name + _SUFFIX] = endpoint

    def find(self, path: str) -> Endpoint:
        """Find the endpoint of a path, whose last part names it.

        Raises:
            UnsupportedError: There is none.
        """
        name = path.rstrip("/").rpartition("/")[2]
        if endpoint := self._endpoints.get(name):
            return endpoint
        name = name.removesuffix(_SUFFIX)
        raise UnsupportedError(f"There is no method {name}.")
