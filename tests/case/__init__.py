"""case.json: read and validated."""
