"""`python -m hydrophone_subsonic.conformance`."""

import sys

try:
    from hydrophone_subsonic.conformance.cli import main
except ModuleNotFoundError as error:
    # httpx and lxml are an extra: the server does without them.
    if error.name not in ("httpx", "lxml"):
        raise
    sys.exit(f"{error.name} is missing: pip install 'hydrophone-subsonic[conformance]'")

main(prog_name="python -m hydrophone_subsonic.conformance")
