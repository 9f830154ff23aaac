"""The desk: the case folders as pages in a browser. The files are the only data; nothing is kept elsewhere."""
