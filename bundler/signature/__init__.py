"""Electronic signatures, by pyHanko: an extra of its own, loaded only where one is made or found."""
