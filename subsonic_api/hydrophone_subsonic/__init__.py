"""The OpenSubsonic protocol layer."""
