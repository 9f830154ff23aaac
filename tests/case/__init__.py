"""Tests of reading and validating case.json."""
