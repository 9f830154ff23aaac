"""The proof of the templates: every expression followed through the types of what a paper may print, without a case."""
