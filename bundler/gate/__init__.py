"""The gate: every rule of the regulation over one case, in one pass; pure, and quick."""
