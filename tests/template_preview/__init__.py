"""The check of the templates."""
