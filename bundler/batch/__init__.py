"""Batch processing: find all cases below a folder, process each with limits, and write reports."""
