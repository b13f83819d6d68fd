"""How a plugin's commands get at the plugin."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import click

from hydrophone.plugin.base import Plugin

P = ParamSpec("P")
PluginT = TypeVar("PluginT", bound=Plugin[Any])


class PluginOpener(Protocol):
    """Runs something with a started plugin; the command line puts one into click's context."""

    def __call__(self, plugin: type[Plugin[Any]], work: Callable[[Any], Awaitable[None]]) -> None:
        """Start the configured instance, run the work with it, and stop it.

        Raises ConfigError if the plugin has no table in the configuration, and what the work or
        the start raises.
        """
        ...


def pass_plugin(
    plugin: type[PluginT],
) -> Callable[[Callable[Concatenate[PluginT, P], Awaitable[None]]], Callable[P, None]]:
    """Make a click command of an asynchronous function whose first argument is the plugin.

    It is started for the command and stopped behind it, whether or not a server runs.
    """

    def decorate(
        command: Callable[Concatenate[PluginT, P], Awaitable[None]],
    ) -> Callable[P, None]:
        @functools.wraps(command)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
            opener: PluginOpener = click.get_current_context().meta["hydrophone.plugin_opener"]
            opener(plugin, lambda started: command(started, *args, **kwargs))

        return wrapped

    return decorate
