"""Tests of reading scans: those with the engine are skipped where the extra is not installed."""
