"""The built-in demo library: six short public-domain pieces, synthesised on first use.

It lets the very first run play something worth hearing without shipping, or downloading, a
single audio file: scores are text, the sound is computed, ffmpeg encodes it.
"""
