"""Tests: what the software promises, through its public face."""
