"""What apps POST as JSON, by chapters."""
