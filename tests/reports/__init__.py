"""Tests of the statistics and figures of reports."""
