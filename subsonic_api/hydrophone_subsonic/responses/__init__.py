"""Wire Structs: what the protocol says, by the words of its chapters."""
