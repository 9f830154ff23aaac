"""Join typeset pages and attached files into one numbered, linked, sealed PDF."""
