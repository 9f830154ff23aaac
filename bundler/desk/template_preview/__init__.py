"""The pages on which the keeper of the templates sees what a change does."""
