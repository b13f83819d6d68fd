"""Nouns of the music library: frozen Structs without behaviour that reaches outside."""
