"""Tests of finding words in many cases."""
