"""A case folder's data: the model of case.json, its reading, and its schema."""
