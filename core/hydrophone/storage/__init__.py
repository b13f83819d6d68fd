"""The database: tables, queries, search index, migrations and backups."""
