"""The page of one case: its form, its materials, its papers, its bundle and its history."""
