"""A case's papers, drafted from Word templates."""
