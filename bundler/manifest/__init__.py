"""The manifest of a bundle (``manifest.json``): its model, and reading it as untrusted input."""
