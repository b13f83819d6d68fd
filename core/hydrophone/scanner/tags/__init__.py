"""Reads the tags of one file, of any format, into one set of names."""
