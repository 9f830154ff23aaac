"""How the sample cases are made: their words, the papers that carry them, and the scanner that reads the papers."""
