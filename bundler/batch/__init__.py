"""Batch processing: find all cases below a folder, process each in a process of its own, and write reports."""
