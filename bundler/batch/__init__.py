"""Many cases at once: find them, work on each in a process of its own, keep what is unchanged, tell of all of them."""
