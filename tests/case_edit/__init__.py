"""Changes to a case folder."""
