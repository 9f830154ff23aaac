"""A bundle looked through without trust: structure, then completeness, then fixity."""
