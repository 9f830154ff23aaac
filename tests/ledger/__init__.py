"""Tests of ledgers, calendar and history."""
