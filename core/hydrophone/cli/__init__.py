"""The command line: `hydrophone serve`, `scan`, `users` and `config`."""
