"""Mistakes of meaning in templates, which no type shows: reported as warnings."""
