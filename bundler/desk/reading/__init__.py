"""What was read on scans, at the desk: words in the viewer, pages put upright, search, proposals, and reading in the background."""
