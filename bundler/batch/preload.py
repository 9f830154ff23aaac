"""Loaded once, before the workers are forked: every library that a case needs, and a first page that wakes them up."""

from __future__ import annotations

import contextlib

import bundler.batch.case_processing
import bundler.batch.publish
import bundler.bind.image_to_pdf
import bundler.bundle.binding_plan
import bundler.bundle.sandboxed
import bundler.documents.drafting
import bundler.ledger.case_history
import bundler.materials.images
import bundler.materials.inspect
import bundler.materials.pdf
import bundler.materials.rasterise
from bundler.bundle.sandboxed import preload_typesetter
from bundler.case.model import Case

__all__ = ["bundler"]

Case.model_rebuild()
with contextlib.suppress(Exception):
    # What is amiss with fonts or libraries is told when a case meets it, in its own words.
    preload_typesetter()
