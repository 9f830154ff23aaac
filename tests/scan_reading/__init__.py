"""Tests of the records of what was read on scans."""
