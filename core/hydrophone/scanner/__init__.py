"""Finds out what is in the library's folders; runs in a process of its own."""
