"""The command line: `hydrophone serve`, `scan`, `users`, `backup` and `config`."""
