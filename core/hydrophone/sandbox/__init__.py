"""Runs functions that touch untrusted bytes in child processes, which may crash or hang."""

from hydrophone.sandbox.worker import Worker

__all__ = ["Worker"]
