"""The rules and deadlines."""
