"""Runs functions that touch untrusted bytes in child processes, which may crash or hang."""
