"""The native API below `/api/v1`: what Subsonic has no words for.

A resource is a module here. It holds Litestar handlers, each of which calls one service, and the
Structs of its requests and answers where those of the domain do not fit. What is new:

1. write the module: downloads, keep and unkeep, links between recordings get
   one each. Handlers name `viewer` and `server` as dependencies; those for admins alone have the
   guard `admins_only`. Errors are raised as services raise them (problems.py);
2. add its handlers to `HANDLERS` in application.py;
3. say in tests/integration/server/api/test_permissions.py who may call it (a route that is not
   named there fails), and in docs/reference/native-api.md what it is for.

Everything live goes through `services/events.py`: a kind in domain/event.py, a Struct for what it
tells, and one call where it happens.
"""

from hydrophone.server.api.application import PATH, create_api

__all__ = ["PATH", "create_api"]
