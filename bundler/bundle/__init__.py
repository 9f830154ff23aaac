"""From a checked case to its bundle: draft, typeset, number and join, in sandboxed processes."""
