"""Bundles: built, bound, verified, signed."""
