"""What was read on the scanned pages of a case: the record of each file, and reading it as untrusted input."""
