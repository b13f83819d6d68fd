"""The containers that are scanned: one module for each family, `table` knows them all."""
