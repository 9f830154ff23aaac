"""Tests of the regulation as data."""
