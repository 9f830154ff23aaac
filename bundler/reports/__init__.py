"""Workbooks that an office is glad to get."""
