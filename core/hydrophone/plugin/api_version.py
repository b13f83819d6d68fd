"""The version of what plugins are written against; it is not that of the package."""

PLUGIN_API = (1, 0)
"""(major, minor). A plugin runs if its major is ours and its minor no newer than ours: a minor
version may add hooks, capabilities and optional fields, and changes nothing that was there."""
