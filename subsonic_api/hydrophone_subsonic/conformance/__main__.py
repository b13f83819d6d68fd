"""`python -m hydrophone_subsonic.conformance`."""

import signal
import sys

try:
    from hydrophone_subsonic.conformance.cli import main
except ModuleNotFoundError as error:
    # An extra: the server does without it.
    if error.name != "httpx":
        raise
    sys.stderr.write("httpx is missing: pip install 'hydrophone-subsonic[conformance]'\n")
    sys.exit(2)

# What a service manager or a CI system sends is as gentle as Ctrl-C.
signal.signal(signal.SIGTERM, signal.default_int_handler)
main(prog_name="python -m hydrophone_subsonic.conformance")
