"""The style and the script of the pages of shares, sent as they are."""
