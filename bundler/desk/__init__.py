"""The clerk's desk: the case folders as pages in a browser; the files stay the truth, and nothing is kept elsewhere."""
