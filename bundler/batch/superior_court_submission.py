"""The submission to the superior court (Art. 14): write-off bundles, summary (汇总表) and letter (请示) as one bag."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bundler import __version__
from bundler.batch.bagit_writer import PayloadFile, write_bag
from bundler.batch.output_folder import delete, replace_submission
from bundler.batch.worker_tasks import BatchSettings
from bundler.case.model import Case
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.documents.drafting import fill_submission_letter
from bundler.documents.views.submission_letter import SubmissionView, build_submission_view
from bundler.errors import BundlerError, CaseError, UsageError, output_error
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import CaseResult
from bundler.reports.submission_workbook import SUMMARY_TITLE, build_summary_workbook

_NEW_SUBMISSION = ".bundler-fresh-submission"

SubmittedCases = Sequence[tuple[CaseResult, Case]]
"""The results of the submitted cases, each with its case."""


def select_submitted(results: Sequence[CaseResult]) -> SubmittedCases:
    """Return the cases that are bundled, request write-off, do not await a seal (待盖章), and did not go up before.

    A bundle that `--kind` made of a case without a request may go up.
    """
    return [
        (result, result.case)
        for result in results
        if result.case
        and result.bundled
        and result.kind is BundleKind.WRITE_OFF
        and not result.awaiting_seal
        and not result.went_up_before
    ]


def write_submission(submitted: SubmittedCases, settings: BatchSettings) -> None:
    """Write the submission, or delete an earlier one if no case requests write-off.

    Raises:
        OutputError: it cannot be written.
        UsageError: the profile names no superior court.
    """
    if not submitted:
        replace_submission(None, settings.out)
        return
    try:
        payload = _collect_payload(submitted, settings)
    except BundlerError:
        # An earlier submission would be outdated.
        replace_submission(None, settings.out)
        raise
    new_submission = settings.out / _NEW_SUBMISSION
    delete(new_submission)
    try:
        write_bag(new_submission, payload, _bag_info(settings, len(submitted)))
        _sync_folder(new_submission)
    except OSError as error:
        raise output_error(new_submission, error) from error
    replace_submission(new_submission, settings.out)


def _collect_payload(submitted: SubmittedCases, settings: BatchSettings) -> list[PayloadFile]:
    view = build_submission_view([(case, result.pages) for result, case in submitted], settings.profile, None)
    bundles = [PayloadFile(result.output, settings.out / result.output, result.sha256) for result, _ in submitted]
    outputs = [result.output for result, _ in submitted]
    return [
        *bundles,
        PayloadFile(f"{SUMMARY_TITLE}.xlsx", build_summary_workbook(view, outputs)),
        PayloadFile(f"{BATCH_DOCUMENTS['submission_letter'].title}.docx", _draft_letter(view, settings.templates)),
    ]


def _draft_letter(view: SubmissionView, templates: Path) -> bytes:
    try:
        return fill_submission_letter(view, templates)
    except CaseError as error:
        # The letter lacks a value of the profile, not of a case.
        raise UsageError(error.message, fix=error.fix) from error


def _bag_info(settings: BatchSettings, count: int) -> dict[str, str]:
    """Return the fields of bag-info.txt; without a date, so that the same cases give the same bag."""
    profile = settings.profile
    return {
        "Source-Organization": profile.court_name,
        "Contact-Phone": profile.court_tel or "-",
        "External-Description": f"{BATCH_DOCUMENTS['submission_letter'].title}，{count} 件",
        "Bag-Software-Agent": f"bundler {__version__}",
    }


def _sync_folder(folder: Path) -> None:
    """Flush the folders to disk before the submission is moved into place."""
    for here, _, _ in os.walk(folder):
        handle = os.open(here, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
