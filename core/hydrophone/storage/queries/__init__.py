"""Queries, one noun per module: plain functions `(connection, ...) -> Struct`."""
