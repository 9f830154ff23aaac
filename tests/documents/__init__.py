"""The documents that the court prints."""
