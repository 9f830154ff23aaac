"""Ledgers (台账) and deadlines of many cases, the history of each case, and the desk's audit log."""
