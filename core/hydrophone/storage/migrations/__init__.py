"""Alembic's folder: one file a revision, numbered, never changed once released."""
