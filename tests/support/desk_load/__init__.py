"""Clerks by the dozen at one desk, each in a browser of her own, and what must be true of the folder afterwards."""
