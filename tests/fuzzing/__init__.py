"""Coverage-guided fuzzing of whatever reads untrusted files, and the test of what it found."""
