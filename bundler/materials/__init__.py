"""What the clerk attached: each file opened once, told by content, into frozen records or problems."""
