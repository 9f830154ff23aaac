"""The kinds of paper of a petition file that the tool knows, with all that it says of them whatever regulation is in force.

What does not depend on a court's regulation (the notice whose service a paper proves, the dates that it may show, the
document that may be generated in its place, the words of a file's name that suggest it) is a value of this table. Which
papers a regulation asks for, in which article and under which name, is in its file (`bundler/regulations/`); the two are
joined in `Regulation.papers`. A new kind of paper is a member of `Item` and a row of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class BundleKind(StrEnum):
    """What a bundle is for: the petition archive (Art. 16), a write-off (Art. 14), or a declined petition (Art. 15)."""

    ARCHIVE = "archive"
    WRITE_OFF = "write-off"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {"archive": "归档", "write-off": "核销", "declined": "不予受理归档"}[self.value]


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
class PaperDate:
    """A date that a paper shows besides its own.

    Attributes:
        field: the key of the material in case.json.
        label: what the check calls it.
        entry_label: its label when a scan is added, where that differs.
    """

    field: Literal["signed_on", "posted_on"]
    label: str
    entry_label: str = ""


class DateUse(StrEnum):
    """How much depends on the dates of a paper."""

    REQUIRED = "required"
    """Without one of them the paper does not count."""
    REQUESTED = "requested"
    """`bundler add` asks for them."""
    OPTIONAL = "optional"
    """They may be filled in."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """What the tool knows of a kind of paper, whatever regulation asks for it.

    Attributes:
        item: its id.
        name: its usual name.
        document: the id of the document that may be generated in its place; None where none may.
        generated_for: the kinds of bundle that always have that document where no file was given; a rule asks for its
            fields, because without them the build fails.
        word_accepted: a .docx counts for it; any other paper must be a signed scan.
        service_of: the notice whose service this receipt proves; None for any other paper.
        service_label: what a receipt's title calls that service.
        date_label: what the check of the order of dates calls a notice's own date.
        date_keys: the keys of a notice's own date in case.json.
        dates: the dates that it shows besides its own, any one of which suffices.
        date_use: how much depends on these dates.
        in_annex: it is bound in the annex volume (副卷), which the parties may not see.
        may_share_pages: one page may serve it and another such paper.
        asked_by: the rule whose article asks for it where no list names it; empty where none does.
        key_words: words in a file's name that suggest this paper.
        titles: with what the title of such a paper ends; another ending belongs to another paper.
        title_required: such a paper always shows one of its titles or key words on its first page.
        sealed: the court's or another authority's seal is on it.
    """

    item: Item
    name: str
    document: str | None = None
    generated_for: tuple[BundleKind, ...] = ()
    word_accepted: bool = False
    service_of: Item | None = None
    service_label: str = ""
    date_label: str = ""
    date_keys: tuple[str, str] | None = None
    dates: tuple[PaperDate, ...] = ()
    date_use: DateUse = DateUse.OPTIONAL
    in_annex: bool = False
    may_share_pages: bool = False
    asked_by: str = ""
    key_words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    title_required: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(PaperKind):
    """A paper as a regulation asks for it.

    Attributes:
        label: the regulation's own words for it.
        article: the article that asks for it; None where none does.
        number: its place in that article's list, from 1; 0 where it has none.
        rule: the code of the rule that asks for it, such as ART16-3; empty where no list names it.
        may_be_absent: 确无此件 may be declared, with a reason and an approver.
        declined_article: the article that asks for it in a declined case; None where none does.
        fix: what the clerk should do when it is missing and cannot be generated.
    """

    label: str
    article: str | None = None
    number: int = 0
    rule: str = ""
    may_be_absent: bool = False
    declined_article: str | None = None
    fix: str = ""


_ACCEPTED = (BundleKind.ARCHIVE, BundleKind.WRITE_OFF)
_RECEIVED = PaperDate("signed_on", "签收日期")
_POSTED = PaperDate("posted_on", "交寄日期")
_SIGNED = PaperDate("signed_on", "签名日期")
_RECEIPT_TITLES = ("送达回证", "送达回执", "送达证")
_TALK_TITLES = (
    *("约谈笔录", "谈话笔录", "约谈(谈话)笔录", "约谈记录", "谈话记录", "接谈笔录"),
    *("询问笔录", "电话记录", "来访笔录", "接访笔录"),
)

_KINDS: tuple[PaperKind, ...] = (
    PaperKind(
        Item.REGISTRATION,
        "信访件登记",
        document="registration_form",
        generated_for=tuple(BundleKind),
        word_accepted=True,
        key_words=("登记",),
        titles=("信访案件登记表", "信访登记表", "信访件登记表", "信访事项登记表", "来访登记表", "来信登记表"),
        title_required=True,
    ),
    PaperKind(
        Item.LEADER_INSTRUCTION,
        "相关领导批示",
        in_annex=True,
        key_words=("批示",),
        titles=("批示", "批示笺", "批示件", "批示单", "批办单", "批阅单", "阅批单"),
    ),
    PaperKind(
        Item.ACCEPTANCE_NOTICE,
        "受理告知",
        document="acceptance_notice",
        generated_for=_ACCEPTED,
        word_accepted=True,
        date_label="受理告知书日期",
        date_keys=("acceptance", "notice_on"),
        key_words=("受理告知",),
        titles=("受理告知书", "事项受理通知书"),
        title_required=True,
        sealed=True,
    ),
    PaperKind(
        Item.ACCEPTANCE_SERVICE,
        "受理告知送达回执",
        service_of=Item.ACCEPTANCE_NOTICE,
        service_label="受理告知",
        dates=(_RECEIVED,),
        date_use=DateUse.REQUESTED,
        key_words=("受理告知书送达", "受理告知送达", "受理回证"),
        titles=_RECEIPT_TITLES,
        title_required=True,
    ),
    PaperKind(
        Item.INVESTIGATION,
        "调查记录",
        key_words=("调查",),
        titles=("调查笔录", "调查记录", "走访笔录", "勘验笔录", "调查情况", "谈话笔录", "询问笔录"),
        title_required=True,
    ),
    PaperKind(
        Item.INTERVIEW,
        "约谈或协调会议记录",
        dates=(_SIGNED,),
        may_share_pages=True,
        key_words=("约谈", "谈话", "协调会"),
        titles=(*_TALK_TITLES, "协调会议记录", "协调会记录", "协调会议纪要", "协调会纪要"),
        title_required=True,
    ),
    PaperKind(
        Item.EVIDENCE,
        "相关证据材料",
        word_accepted=True,
        key_words=("证据",),
    ),
    PaperKind(
        Item.REPLY_OPINION,
        "处理（答复）意见书",
        document="reply_opinion",
        generated_for=_ACCEPTED,
        word_accepted=True,
        date_label="答复意见书日期",
        date_keys=("reply", "replied_on"),
        key_words=("答复", "意见书"),
        titles=("答复意见书", "处理意见书", "处理(答复)意见书", "答复书"),
        title_required=True,
        sealed=True,
    ),
    PaperKind(
        Item.REPLY_SERVICE,
        "处理（答复）意见书送达回执或邮寄凭证",
        service_of=Item.REPLY_OPINION,
        service_label="处理（答复）意见书",
        dates=(_RECEIVED, _POSTED),
        date_use=DateUse.REQUESTED,
        key_words=("邮寄", "邮件", "回证", "回执"),
        titles=(*_RECEIPT_TITLES, "邮寄凭证", "邮寄送达凭证", "邮件详情单", "邮件收据", "投递证明"),
        title_required=True,
    ),
    PaperKind(
        Item.LEGAL_DOCUMENT,
        "相关法律文书",
        key_words=("裁定", "判决", "调解书"),
        titles=("判决书", "裁定书", "调解书", "裁决书", "决定书", "执行证书", "公证书"),
        title_required=True,
        sealed=True,
    ),
    PaperKind(
        Item.CONVERSATION_RECORD,
        "谈话笔录",
        dates=(_SIGNED,),
        date_use=DateUse.REQUESTED,
        may_share_pages=True,
        titles=_TALK_TITLES,
        title_required=True,
    ),
    PaperKind(
        Item.MEASURES,
        "接访后采取工作措施",
        document="measures_statement",
        generated_for=(BundleKind.WRITE_OFF,),
        word_accepted=True,
        key_words=("措施",),
        titles=("工作措施情况说明", "工作措施", "措施情况表"),
    ),
    PaperKind(
        Item.COMMITMENT,
        "息诉罢访承诺",
        dates=(PaperDate("signed_on", "签署日期", entry_label="签名日期"),),
        date_use=DateUse.REQUESTED,
        key_words=("承诺",),
        titles=("承诺书", "承诺"),
        title_required=True,
    ),
    PaperKind(
        Item.TRANSFER_PROOF,
        "转交、移送凭证",
        key_words=("转交", "移送"),
        titles=("转交(办)单", "转交单", "转办单", "移送函", "转办函", "移送清单"),
    ),
    PaperKind(
        Item.SUPERIOR_NOTICE,
        "交办、督办通知",
        key_words=("交办", "督办"),
        titles=("交办函", "督办函", "转办函", "交办通知", "督办通知", "事项的通知", "案件的通知", "交办单", "督办单"),
        title_required=True,
        sealed=True,
    ),
    PaperKind(
        Item.EXPLANATION_NOTICE,
        "不予受理释明告知书",
        asked_by="ART15-n",
        document="explanation_notice",
        generated_for=(BundleKind.DECLINED,),
        word_accepted=True,
        date_label="释明告知书日期",
        date_keys=("declined", "notice_on"),
        key_words=("释明",),
        titles=("释明告知书", "不予受理告知书", "不予受理通知书"),
        title_required=True,
        sealed=True,
    ),
    PaperKind(
        Item.EXPLANATION_SERVICE,
        "释明告知送达回执或释明记录",
        asked_by="ART15-n",
        service_of=Item.EXPLANATION_NOTICE,
        service_label="释明告知或释明记录",
        dates=(_RECEIVED,),
        date_use=DateUse.REQUESTED,
        key_words=("释明告知书送达", "释明告知送达", "释明送达", "释明回证", "释明记录"),
        titles=(*_RECEIPT_TITLES, "释明笔录", "释明记录"),
    ),
    PaperKind(
        Item.HEARING_RECORD,
        "听证笔录",
        key_words=("听证",),
        titles=("听证笔录", "听证记录", "听证会记录", "听证会笔录"),
        title_required=True,
    ),
    PaperKind(
        Item.APPROVAL,
        "审批、集体研究材料",
        in_annex=True,
        key_words=("呈批", "审批", "集体研究"),
        titles=("呈批表", "审批表", "集体研究记录", "研究记录", "合议笔录", "签报"),
        title_required=True,
    ),
    PaperKind(
        Item.JURISDICTION_NOTE,
        "不属于本院管辖范围的说明",
        asked_by="ART14-JURISDICTION",
        document="jurisdiction_note",
        word_accepted=True,
    ),
    PaperKind(Item.OTHER, "等相关材料", word_accepted=True, key_words=("委托书",)),
    PaperKind(
        Item.WRITE_OFF_REQUEST,
        "核销申请表",
        asked_by="ART14-REQUEST",
        document="write_off_request",
        generated_for=(BundleKind.WRITE_OFF,),
        word_accepted=True,
        key_words=("核销申请",),
        titles=("核销申请表",),
        title_required=True,
    ),
)

PAPER_KINDS: dict[Item, PaperKind] = {kind.item: kind for kind in _KINDS}

ANNEX_ITEMS: frozenset[Item] = frozenset(kind.item for kind in _KINDS if kind.in_annex)
"""The papers of the annex volume (副卷): the court's internal business, which the parties may not see."""

SERVICE_RECEIPTS: tuple[Item, ...] = tuple(kind.item for kind in _KINDS if kind.service_of)
"""The receipts that prove the service of a notice (送达回证), in the order in which they fall due."""

_GUESSING_ORDER: tuple[Item, ...] = (
    Item.ACCEPTANCE_SERVICE,
    Item.EXPLANATION_SERVICE,
    Item.EXPLANATION_NOTICE,
    Item.ACCEPTANCE_NOTICE,
    Item.REPLY_SERVICE,
    Item.REPLY_OPINION,
    Item.LEADER_INSTRUCTION,
    Item.INVESTIGATION,
    Item.HEARING_RECORD,
    Item.INTERVIEW,
    Item.REGISTRATION,
    Item.COMMITMENT,
    Item.LEGAL_DOCUMENT,
    Item.MEASURES,
    Item.WRITE_OFF_REQUEST,
    Item.TRANSFER_PROOF,
    Item.SUPERIOR_NOTICE,
    Item.APPROVAL,
    Item.OTHER,
    Item.EVIDENCE,
)
"""The papers whose key words are tried first, the more specific before the general; the others follow in the table's order."""

_OWN_TITLES = ("已穷尽执行措施情况表", "司法救助报请表", "回访记录", "催办（督办）单", "接访登记表")
"""Titles of the court's own papers that no list requires; their words would suggest measures, a register or a notice."""


def notice_of(receipt: Item) -> PaperKind:
    """The notice whose service a receipt proves.

    Raises:
        KeyError: the paper is no receipt of service.
    """
    notice = PAPER_KINDS[receipt].service_of
    if notice is None:
        raise KeyError(receipt)
    return PAPER_KINDS[notice]


def guess_item(text: str) -> Item | None:
    """The paper that a file's name, or the text of its first page, suggests; None where it suggests none."""
    if any(title in text for title in _OWN_TITLES):
        return Item.OTHER
    items = dict.fromkeys((*_GUESSING_ORDER, *PAPER_KINDS))
    return next((item for item in items if any(word in text for word in PAPER_KINDS[item].key_words)), None)
