"""Loaded once, before the workers are forked: every library that a case needs, and a first page that wakes them up."""

from __future__ import annotations

import contextlib

import bundler.assembly.limited
import bundler.assembly.words
import bundler.batch.publish
import bundler.batch.work
import bundler.bind.scans
import bundler.documents.batch
import bundler.ledger.history
import bundler.materials.images
import bundler.materials.pdf
from bundler.assembly.ahead import load
from bundler.case.model import Case

__all__ = ["bundler"]

Case.model_rebuild()
with contextlib.suppress(Exception):
    # What is amiss with fonts or libraries is told when a case meets it, in its own words.
    load()
