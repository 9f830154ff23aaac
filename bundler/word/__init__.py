"""A Word file read into frozen blocks, or the constructs in it that cannot be set."""
