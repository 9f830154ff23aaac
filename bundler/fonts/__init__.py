"""The fonts: which files there are, what they cover, and which stand for the faces that a court's papers name."""
