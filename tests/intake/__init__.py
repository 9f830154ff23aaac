"""Registers and scans coming in."""
