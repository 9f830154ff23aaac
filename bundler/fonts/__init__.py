"""The font files on this machine, the characters they cover, and the fonts that replace those named in court papers."""
