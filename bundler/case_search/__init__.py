"""Finding words in many cases: in case.json, in the text of attached files, and in what was read on scans."""
