"""Scanning of the library."""

from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.parameters import Parameters
from hydrophone_subsonic.responses.system import ScanStatus


@endpoint("getScanStatus", element="scanStatus")
async def get_scan_status(call: Call, parameters: Parameters) -> ScanStatus:
    """Say how far it is; from memory, since DSub asks ten times a second."""
    return _status(call)


@endpoint("startScan", element="scanStatus")
async def start_scan(call: Call, parameters: Parameters) -> ScanStatus:
    """Start a scan, or let one that is running go on; returns at once."""
    await call.services.scans.start(call.user)
    return _status(call)


def _status(call: Call) -> ScanStatus:
    status = call.services.scans.status(call.user)
    return ScanStatus(scanning=status.scanning, count=status.count)
