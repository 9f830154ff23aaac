"""The preview of the templates."""
