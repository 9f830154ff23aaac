"""What goes up to the higher court (Art. 14): the write-off bundles, the 汇总表 and the 请示, as one bag."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bundler import __version__
from bundler.batch.bagit_writer import PayloadFile, write_bag
from bundler.batch.output_folder import delete, replace_submission
from bundler.batch.task import BatchSettings
from bundler.case.model import Case
from bundler.documents.definitions import BATCH_DOCUMENTS
from bundler.documents.drafting import fill_submission_letter
from bundler.documents.views.write_off_submission import SubmissionView, build_submission_view
from bundler.errors import BundlerError, CaseError, UsageError, output_error
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import CaseResult
from bundler.reports.submission_workbook import SUMMARY_TITLE, build_summary_workbook

_NEW_SUBMISSION = ".bundler-fresh-submission"

SubmittedCases = Sequence[tuple[CaseResult, Case]]
"""The results of the cases that are submitted, each with its case."""


def select_submitted(results: Sequence[CaseResult]) -> SubmittedCases:
    """The cases that are bundled and ask for write-off."""
    return [
        (result, result.case)
        for result in results
        if result.case and result.bundled and result.kind is BundleKind.WRITE_OFF
    ]


def write_submission(chosen: SubmittedCases, settings: BatchSettings) -> None:
    """Write the submission anew, or take an earlier one away when no case asks for write-off.

    Raises:
        OutputError: it cannot be written.
        UsageError: the profile names no superior court.
    """
    if not chosen:
        replace_submission(None, settings.out)
        return
    try:
        payload = _collect_payload(chosen, settings)
    except BundlerError:
        # An earlier submission is not what would go up today.
        replace_submission(None, settings.out)
        raise
    fresh = settings.out / _NEW_SUBMISSION
    delete(fresh)
    try:
        write_bag(fresh, payload, _bag_info(settings, len(chosen)))
        _sync_folder(fresh)
    except OSError as error:
        raise output_error(fresh, error) from error
    replace_submission(fresh, settings.out)


def _collect_payload(chosen: SubmittedCases, settings: BatchSettings) -> list[PayloadFile]:
    view = build_submission_view([(case, result.pages) for result, case in chosen], settings.profile, None)
    bundles = [PayloadFile(result.output, settings.out / result.output, result.sha256) for result, _ in chosen]
    outputs = [result.output for result, _ in chosen]
    return [
        *bundles,
        PayloadFile(f"{SUMMARY_TITLE}.xlsx", build_summary_workbook(view, outputs)),
        PayloadFile(f"{BATCH_DOCUMENTS['submission_letter'].title}.docx", _draft_letter(view, settings.templates)),
    ]


def _draft_letter(view: SubmissionView, templates: Path) -> bytes:
    try:
        return fill_submission_letter(view, templates)
    except CaseError as error:
        # What the letter lacks is not a case's but the court's own.
        raise UsageError(error.message, fix=error.fix) from error


def _bag_info(settings: BatchSettings, count: int) -> dict[str, str]:
    """The bag's own description; no day of bagging, so that the same cases give the same bag."""
    profile = settings.profile
    return {
        "Source-Organization": profile.court_name,
        "Contact-Phone": profile.court_tel or "-",
        "External-Description": f"{BATCH_DOCUMENTS['submission_letter'].title}，{count} 件",
        "Bag-Software-Agent": f"bundler {__version__}",
    }


def _sync_folder(folder: Path) -> None:
    """Onto the disk before it takes its place."""
    for here, _, _ in os.walk(folder):
        handle = os.open(here, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
