"""Tests of the room bind."""
