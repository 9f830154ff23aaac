"""Reading the scans of a case with an engine for text recognition, which is an extra of the package (``[read]``)."""
