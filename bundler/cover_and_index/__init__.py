"""The bundle's own pages: cover, index, list of write-off materials, notes."""
