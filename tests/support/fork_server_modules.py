"""Imported by the fork server of the tests: what a worker of a batch needs, and what the tests' own work needs besides.

The test files are those that start many processes: a process would else import its file, and hypothesis with it, anew.

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
import tests.bundle.test_atomic_output
import tests.case_edit.test_case_folder_life
import tests.case_edit.test_concurrent_changes
import tests.case_edit.test_materials
import tests.support.case_files
import tests.support.kills
import tests.support.quick_sandboxes

__all__ = ["bundler", "pyhanko", "pypdf", "pytest", "tests"]
