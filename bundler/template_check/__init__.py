"""Static check of the templates: every expression is followed through the types of what it may print."""
