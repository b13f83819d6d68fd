"""The ASGI application: what HTTP clients reach, and where all parts are put together."""
