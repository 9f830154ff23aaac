"""Typesetting with WeasyPrint: Word blocks and HTML pages become PDF pages, with Chinese justification."""
