"""The documents that are drafted from Word templates: their table, what they need of a case, and how they are filled."""
