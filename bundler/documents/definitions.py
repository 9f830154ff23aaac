"""The documents that can be drafted: id, title, and the item of the file that each stands for."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.case.model import Case
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class DocumentDefinition:
    """One court paper with a Word template of its own, ``templates/<id>.docx``."""

    id: str
    title: str
    item: Item
    returns_signed: bool = True
    """It comes back signed or stamped to be scanned, so it carries the small QR code."""


DOCUMENTS: dict[str, DocumentDefinition] = {
    document.id: document
    for document in (
        DocumentDefinition("registration_form", "执行申诉信访案件登记表", Item.REGISTRATION),
        DocumentDefinition("transfer_slip", "信访事项转交（办）单", Item.TRANSFER_PROOF),
        DocumentDefinition("acceptance_notice", "执行申诉信访事项受理告知书", Item.ACCEPTANCE_NOTICE),
        DocumentDefinition("explanation_notice", "执行申诉信访事项不予受理释明告知书", Item.EXPLANATION_NOTICE),
        DocumentDefinition("interview_record", "约谈（谈话）笔录", Item.INTERVIEW),
        DocumentDefinition("coordination_record", "协调会议记录", Item.INTERVIEW),
        DocumentDefinition("investigation_record", "调查笔录", Item.INVESTIGATION),
        DocumentDefinition("hearing_record", "听证笔录", Item.HEARING_RECORD),
        DocumentDefinition("collective_record", "集体研究记录", Item.APPROVAL),
        DocumentDefinition("approval_form", "办理意见呈批表", Item.APPROVAL),
        DocumentDefinition("service_receipt", "送达回证", Item.ACCEPTANCE_SERVICE),
        DocumentDefinition("reply_opinion", "执行申诉信访事项答复意见书", Item.REPLY_OPINION),
        DocumentDefinition("measures_statement", "接访后采取工作措施情况说明", Item.MEASURES),
        DocumentDefinition("commitment", "息诉罢访承诺书", Item.COMMITMENT),
        DocumentDefinition("write_off_request", "执行申诉信访案件核销申请表", Item.WRITE_OFF_REQUEST),
        DocumentDefinition(
            "supervision_report",
            "关于××反映××信访事项办理情况的报告",
            Item.OTHER,
            returns_signed=False,
        ),
        DocumentDefinition(
            "jurisdiction_note",
            "关于××信访事项不属于本院涉执信访管辖范围的说明",
            Item.JURISDICTION_NOTE,
            returns_signed=False,
        ),
    )
}

BATCH_DOCUMENTS: dict[str, DocumentDefinition] = {
    document.id: document
    for document in (
        DocumentDefinition("return_notice", "核销（归档）材料退回补正通知单", Item.OTHER),
        DocumentDefinition("submission_letter", "关于报请核销执行申诉信访案件的请示", Item.OTHER, returns_signed=False),
    )
}
"""Those that the check of a case and the batch of many fill, not the case alone; each has a view of its own."""

MANY_PETITIONERS = 5
"""Of more than so many petitioners a paper names the first and counts the rest."""


def build_title(document: DocumentDefinition, case: Case) -> str:
    """The title as the paper of this case bears it: the petitioners, then the matter, stand for ××."""
    names = [one.name or "" for one in case.petitioners]
    shown = f"{names[0]}等{len(names)}人" if len(names) > MANY_PETITIONERS else "、".join(names)
    about = (case.feedback_report.subject if case.feedback_report else None) or case.registration.brief or "有关问题"
    return document.title.replace("××", shown, 1).replace("××", about)
