"""The class that a plugin is."""

from typing import ClassVar, Generic, TypeVar

from msgspec import Struct

from hydrophone.plugin.context import Context
from hydrophone.plugin.manifest import Manifest

ConfigT = TypeVar("ConfigT", bound=Struct)


class Plugin(Generic[ConfigT]):
    """Base of all plugins: an entry point of the group `hydrophone.plugins` names a subclass.

    Importing it must do nothing; it happens in a thread beside the server's, which has no event
    loop and cannot handle signals. There is one object for each table of the configuration that
    names the plugin, so it keeps all state in itself: two accounts are two objects. Which hooks
    it implements (`hookspecs.py`) says what it can do; all are called once, after `start`.
    """

    manifest: ClassVar[Manifest]

    def __init__(self, config: ConfigT, context: Context) -> None:
        """Keep what is given; calls nothing and opens nothing."""
        self.config = config
        self.context = context

    async def start(self) -> None:
        """Get ready; needs no network, so that a server starts while a service is down.

        An error disables this instance and is tried again later; so is one that takes longer
        than 10 seconds.
        """

    async def stop(self) -> None:
        """Let go of everything; called once if `start` was, even if that failed.

        It has a second, and four seconds after the signal the process ends in any case; after a
        crash it is not called at all. What is to last is put into `context.store` when it changes:
        that is on the disk on return. The store, and all else of the context, still works here.
        """

    async def check(self) -> str:
        """See whether it works, by asking its service if it has one; for `plugins check`.

        Returns one sentence on what was seen. Raises a HydrophoneError that says what is wrong
        and what the admin can do.
        """
        return "It has started; it does not look any further."
