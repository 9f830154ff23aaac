"""The shipped regulation, as the tests of the first court use it."""

from __future__ import annotations

from bundler.regulation.load import load_regulation

REGULATION = load_regulation()
RULES = REGULATION.rules
