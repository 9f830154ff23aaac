"""Electronic signatures with pyHanko, an optional dependency that is loaded only where a signature is made or found."""
