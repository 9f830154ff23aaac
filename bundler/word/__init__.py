"""Word files (.docx): the parts of the package, the text and unsupported constructs, and the content as blocks."""
