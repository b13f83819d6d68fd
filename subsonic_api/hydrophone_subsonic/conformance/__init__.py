"""A black-box conformance checker for any server that speaks Subsonic or OpenSubsonic.

It knows nothing of the server in this distribution and imports nothing of it: it judges from
outside, by HTTP. `python -m hydrophone_subsonic.conformance --help` says how to run it.
"""
