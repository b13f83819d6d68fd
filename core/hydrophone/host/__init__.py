"""Finds plugins, runs them, and is the only way to call what they can do."""
