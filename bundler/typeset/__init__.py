"""Word blocks and the bundle's own pages, set as PDF pages."""
