"""Imported by the fork server of the tests: what a worker of a batch needs, and what the tests' own work needs besides.

Nothing of it is used here; see `bundler.batch.preload_modules`.
"""

from __future__ import annotations

import pyhanko.sign.signers
import pyhanko.sign.validation
import pypdf
import pytest

import bundler.batch.preload_modules
import bundler.bundle.draft_single_papers
import bundler.case_edit.materials
import bundler.case_edit.save
import bundler.commands
import bundler.intake.add_scan
import bundler.verification.second_structure_reading
import bundler.verification.verify
import tests.support.case_files
import tests.support.kills
import tests.support.quick_sandboxes

__all__ = ["bundler", "pyhanko", "pypdf", "pytest", "tests"]
