"""What is scanned, by suffix; how it is read says formats/table.py, which loads mutagen.

Only the workers that parse need that: it takes 3 MB in each process that has it.
"""

SUFFIXES = {
    "aac": "audio/aac",
    "aif": "audio/aiff",
    "aifc": "audio/aiff",
    "aiff": "audio/aiff",
    "alac": "audio/mp4",
    "ape": "audio/x-ape",
    "asf": "audio/x-ms-wma",
    "dff": "audio/x-dff",
    "dsf": "audio/x-dsf",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mp+": "audio/x-musepack",
    "mp2": "audio/mpeg",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "mpc": "audio/x-musepack",
    "mpp": "audio/x-musepack",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "spx": "audio/ogg",
    "wav": "audio/wav",
    "wave": "audio/wav",
    "wma": "audio/x-ms-wma",
    "wv": "audio/x-wavpack",
}
"""From suffixes, in lower case and without the dot, to content types."""
