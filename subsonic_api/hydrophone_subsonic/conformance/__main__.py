"""`python -m hydrophone_subsonic.conformance`."""

import signal

from hydrophone_subsonic.conformance.cli import main

# What a service manager or a CI system sends is as gentle as Ctrl-C, which shells let processes
# in the background ignore.
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.default_int_handler)
main(prog_name="python -m hydrophone_subsonic.conformance")
