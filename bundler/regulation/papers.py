"""The papers of a petition file: Art. 16's nine items, Art. 14's four materials, and what may lie beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Item(StrEnum):
    """Ids of the papers that a material may serve."""

    REGISTRATION = "registration"
    LEADER_INSTRUCTION = "leader_instruction"
    ACCEPTANCE_NOTICE = "acceptance_notice"
    ACCEPTANCE_SERVICE = "acceptance_service"
    INVESTIGATION = "investigation"
    INTERVIEW = "interview"
    EVIDENCE = "evidence"
    REPLY_OPINION = "reply_opinion"
    REPLY_SERVICE = "reply_service"

    LEGAL_DOCUMENT = "legal_document"
    CONVERSATION_RECORD = "conversation_record"
    MEASURES = "measures"
    COMMITMENT = "commitment"

    TRANSFER_PROOF = "transfer_proof"
    SUPERIOR_NOTICE = "superior_notice"
    EXPLANATION_NOTICE = "explanation_notice"
    EXPLANATION_SERVICE = "explanation_service"
    HEARING_RECORD = "hearing_record"
    APPROVAL = "approval"
    JURISDICTION_NOTE = "jurisdiction_note"
    OTHER = "other"
    WRITE_OFF_REQUEST = "write_off_request"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the regulation says of one paper.

    Attributes:
        item: its id.
        label: the regulation's own words for it.
        article: the article that asks for it, or None where none does.
        number: its place in that article's list, from 1; 0 where it has none.
        document: the id of the document that may be generated in its place, or None.
        word_accepted: a .docx counts for it.
        may_be_absent: 确无此件 may be declared, with a reason and an approver.
    """

    item: Item
    label: str
    article: str | None = None
    number: int = 0
    document: str | None = None
    word_accepted: bool = False
    may_be_absent: bool = False


ARTICLE_16 = "第十六条"
ARTICLE_14 = "第十四条"

ARCHIVE_ITEMS: tuple[Paper, ...] = (
    Paper(Item.REGISTRATION, "信访件登记", ARTICLE_16, 1, "registration_form", word_accepted=True),
    Paper(Item.LEADER_INSTRUCTION, "相关领导批示", ARTICLE_16, 2, may_be_absent=True),
    Paper(Item.ACCEPTANCE_NOTICE, "受理告知", ARTICLE_16, 3, "acceptance_notice", word_accepted=True),
    Paper(Item.ACCEPTANCE_SERVICE, "受理告知送达回执", ARTICLE_16, 4),
    Paper(Item.INVESTIGATION, "调查记录", ARTICLE_16, 5, may_be_absent=True),
    Paper(Item.INTERVIEW, "约谈或协调会议记录", ARTICLE_16, 6),
    Paper(Item.EVIDENCE, "相关证据材料", ARTICLE_16, 7, word_accepted=True, may_be_absent=True),
    Paper(Item.REPLY_OPINION, "处理（答复）意见书", ARTICLE_16, 8, "reply_opinion", word_accepted=True),
    Paper(Item.REPLY_SERVICE, "处理（答复）意见书送达回执或邮寄凭证", ARTICLE_16, 9),
)
"""Art. 16: the nine items of a petition archive (信访档案内容), in binding order."""

WRITE_OFF_MATERIALS: tuple[Paper, ...] = (
    Paper(Item.LEGAL_DOCUMENT, "相关法律文书", ARTICLE_14, 1),
    Paper(Item.CONVERSATION_RECORD, "谈话笔录", ARTICLE_14, 2),
    Paper(Item.MEASURES, "接访后采取工作措施", ARTICLE_14, 3, "measures_statement", word_accepted=True),
    Paper(Item.COMMITMENT, "息诉罢访承诺", ARTICLE_14, 4),
)
"""Art. 14, paragraph 2: the four materials of a write-off (核销)."""

OTHER_PAPERS: tuple[Paper, ...] = (
    Paper(Item.TRANSFER_PROOF, "转交、移送凭证"),
    Paper(Item.SUPERIOR_NOTICE, "交办、督办通知"),
    Paper(Item.EXPLANATION_NOTICE, "不予受理释明告知书", "第十五条", 0, "explanation_notice", word_accepted=True),
    Paper(Item.EXPLANATION_SERVICE, "释明告知送达回执或释明记录", "第十五条"),
    Paper(Item.HEARING_RECORD, "听证笔录"),
    Paper(Item.APPROVAL, "审批、集体研究材料"),
    Paper(Item.JURISDICTION_NOTE, "不属于本院管辖范围的说明", ARTICLE_14, 0, "jurisdiction_note", word_accepted=True),
    Paper(Item.OTHER, "等相关材料", word_accepted=True),
    Paper(Item.WRITE_OFF_REQUEST, "核销申请表", ARTICLE_14, 0, "write_off_request", word_accepted=True),
)
"""Papers that no list requires; a rule may."""

PAPERS: dict[Item, Paper] = {p.item: p for p in (*ARCHIVE_ITEMS, *WRITE_OFF_MATERIALS, *OTHER_PAPERS)}

ARCHIVE_ORDER: tuple[Item, ...] = (
    Item.REGISTRATION,
    Item.TRANSFER_PROOF,
    Item.LEADER_INSTRUCTION,
    Item.SUPERIOR_NOTICE,
    Item.ACCEPTANCE_NOTICE,
    Item.ACCEPTANCE_SERVICE,
    Item.EXPLANATION_NOTICE,
    Item.EXPLANATION_SERVICE,
    Item.INVESTIGATION,
    Item.HEARING_RECORD,
    Item.INTERVIEW,
    Item.EVIDENCE,
    Item.APPROVAL,
    Item.REPLY_OPINION,
    Item.REPLY_SERVICE,
    Item.JURISDICTION_NOTE,
    Item.LEGAL_DOCUMENT,
    Item.CONVERSATION_RECORD,
    Item.MEASURES,
    Item.COMMITMENT,
    Item.OTHER,
)
"""Binding order of an archive bundle: the nine items, each with the papers that stand beside it."""

WRITE_OFF_ORDER: tuple[Item, ...] = (
    Item.WRITE_OFF_REQUEST,
    Item.LEGAL_DOCUMENT,
    Item.CONVERSATION_RECORD,
    Item.MEASURES,
    Item.COMMITMENT,
    *(i for i in ARCHIVE_ORDER if PAPERS[i].number == 0 or PAPERS[i].article != ARTICLE_14),
)
"""Binding order of a write-off: the request and Art. 14's materials stand before Art. 16's items."""

DECLINED_ORDER: tuple[Item, ...] = (
    Item.REGISTRATION,
    Item.EXPLANATION_NOTICE,
    Item.TRANSFER_PROOF,
    Item.EVIDENCE,
    Item.LEGAL_DOCUMENT,
    Item.SUPERIOR_NOTICE,
    Item.INTERVIEW,
    Item.EXPLANATION_SERVICE,
    Item.JURISDICTION_NOTE,
    Item.OTHER,
)
"""Binding order of a declined case (Art. 15): registration, notice, the ground's proofs, service, others."""
