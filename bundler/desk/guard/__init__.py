"""What stands before the desk: who may come in, what a request may bring, and what is written down of it."""
