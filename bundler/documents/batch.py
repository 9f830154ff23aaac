"""Drafting the two documents of a batch: the notice that returns a case, and the submission of those written off."""

from __future__ import annotations

from pathlib import Path

from bundler.documents.definitions import BATCH_DOCUMENTS
from bundler.documents.drafting import filled
from bundler.documents.views.return_notice import ReturnView
from bundler.documents.views.write_off_submission import SubmissionView
from bundler.errors import CaseError


def draft_return_notice(view: ReturnView, templates: Path) -> bytes:
    """The filled 核销（归档）材料退回补正通知单 (.docx), on one page.

    Raises:
        CaseError: there is nothing to return the case for.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.lines:
        raise CaseError("没有要退回补正的问题。", fix="材料齐全的案件可以直接成卷。")
    document = BATCH_DOCUMENTS["return_notice"]
    code = f"{view.reg_no}|{document.item}" if view.has_number else ""
    return filled(document, view, templates, code)


def draft_submission(view: SubmissionView, templates: Path) -> bytes:
    """The filled 关于报请核销执行申诉信访案件的请示 (.docx), its list of cases annexed on A4 landscape.

    Raises:
        CaseError: no case is submitted, or the profile names no superior court.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.cases:
        raise CaseError("没有报请核销的案件。", fix="先有成卷的核销案件，再生成请示。")
    if not view.court.superior:
        raise CaseError("法院配置里没有上级法院，请示没有主送机关。", fix="请在配置文件里填写 superior_court。")
    return filled(BATCH_DOCUMENTS["submission_letter"], view, templates)


BATCH_VIEWS: dict[str, type[ReturnView | SubmissionView]] = {
    "return_notice": ReturnView,
    "submission_letter": SubmissionView,
}
"""What the template of each may print."""
