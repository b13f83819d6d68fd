"""The command line: `hydrophone serve`, `scan`, `users`, `jobs`, `backup` and `config`."""
