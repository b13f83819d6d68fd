"""Bytes of audio and pictures: ranges, reading, transcoding, thumbnails and their cache."""
