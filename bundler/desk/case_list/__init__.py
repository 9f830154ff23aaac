"""The list of all cases, with an index that is kept while the files are unchanged."""
