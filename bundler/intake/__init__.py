"""Registers and scans coming in; nothing is decided silently."""
