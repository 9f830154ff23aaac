"""Ledgers, calendar and history."""
