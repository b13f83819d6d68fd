"""From the nouns of the domain to wire Structs: pure functions, named as in `responses`."""
