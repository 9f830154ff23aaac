"""The table of papers: every paper of a petition file with all that the regulation and the tool say of it.

Everything that depends on the kind of a paper (its label, the notice whose service it proves, the dates that it must show,
the document that may be generated in its place, the words of a file's name that suggest it) is a value of this table, and
the other packages read it here. A new kind of paper is a member of `Item` and a row of the table; `binding_orders` may give it a
place in the bundle, which is otherwise before the other papers (等相关材料).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bundler.regulation.articles import ART_12, ART_14, ART_15, ART_16


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
class Paper:
    """One paper of a petition file.

    Attributes:
        item: its id.
        label: the regulation's own words for it.
        article: the article that asks for it; None where none does.
        number: its place in that article's list, from 1; 0 where it has none.
        document: the id of the document that may be generated in its place; None where none may.
        generated_for: the kinds of bundle that always have that document where no file was given; a rule asks for its
            fields, because without them the build fails.
        word_accepted: a .docx counts for it; any other paper must be a signed scan.
        may_be_absent: 确无此件 may be declared, with a reason and an approver.
        service_of: the notice whose service this receipt proves; None for any other paper.
        service_label: what a receipt's title calls that service.
        date_label: what the check of the order of dates calls a notice's own date.
        date_keys: the keys of a notice's own date in case.json.
        dates: the dates that it shows besides its own, any one of which suffices.
        date_use: how much depends on these dates.
        in_annex: it is bound in the annex volume (副卷), which the parties may not see.
        may_share_pages: one page may serve it and another such paper.
        declined_article: the article that asks for it in a declined case, where that is another one.
        fix: what the clerk should do when it is missing and cannot be generated.
        key_words: words in a file's name that suggest this paper.
        titles: with what the title of such a paper ends; another ending belongs to another paper.
        title_required: such a paper always shows one of its titles or key words on its first page.
        sealed: the court's or another authority's seal is on it.
    """

    item: Item
    label: str
    article: str | None = None
    number: int = 0
    document: str | None = None
    generated_for: tuple[BundleKind, ...] = ()
    word_accepted: bool = False
    may_be_absent: bool = False
    service_of: Item | None = None
    service_label: str = ""
    date_label: str = ""
    date_keys: tuple[str, str] | None = None
    dates: tuple[PaperDate, ...] = ()
    date_use: DateUse = DateUse.OPTIONAL
    in_annex: bool = False
    may_share_pages: bool = False
    declined_article: str | None = None
    fix: str = ""
    key_words: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    title_required: bool = False
    sealed: bool = False

    @property
    def rule(self) -> str:
        """The code of the rule that asks for it, such as ART16-3; only for papers with a number."""
        return f"{_RULE_PREFIXES[self.article or '']}-{self.number}"


_RULE_PREFIXES = {ART_14: "ART14", ART_16: "ART16"}
_ACCEPTED = (BundleKind.ARCHIVE, BundleKind.WRITE_OFF)
_RECEIVED = PaperDate("signed_on", "签收日期")
_POSTED = PaperDate("posted_on", "交寄日期")
_SIGNED = PaperDate("signed_on", "签名日期")
_RECEIPT_TITLES = ("送达回证", "送达回执", "送达证")
_TALK_TITLES = (
    *("约谈笔录", "谈话笔录", "约谈(谈话)笔录", "约谈记录", "谈话记录", "接谈笔录"),
    *("询问笔录", "电话记录", "来访笔录", "接访笔录"),
)

ARCHIVE_ITEMS: tuple[Paper, ...] = (
    Paper(
        Item.REGISTRATION,
        "信访件登记",
        ART_16,
        1,
        document="registration_form",
        generated_for=tuple(BundleKind),
        word_accepted=True,
        declined_article=ART_12,
        key_words=("登记",),
        titles=("信访案件登记表", "信访登记表", "信访件登记表", "信访事项登记表", "来访登记表", "来信登记表"),
        title_required=True,
    ),
    Paper(
        Item.LEADER_INSTRUCTION,
        "相关领导批示",
        ART_16,
        2,
        may_be_absent=True,
        in_annex=True,
        fix="请补送领导批示；本案确无批示的，附经批准的缺件情况说明。",
        key_words=("批示",),
        titles=("批示", "批示笺", "批示件", "批示单", "批办单", "批阅单", "阅批单"),
    ),
    Paper(
        Item.ACCEPTANCE_NOTICE,
        "受理告知",
        ART_16,
        3,
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
    Paper(
        Item.ACCEPTANCE_SERVICE,
        "受理告知送达回执",
        ART_16,
        4,
        service_of=Item.ACCEPTANCE_NOTICE,
        service_label="受理告知",
        dates=(_RECEIVED,),
        date_use=DateUse.REQUIRED,
        fix="请补送经信访人签收、写明签收日期的送达回证。",
        key_words=("受理告知书送达", "受理告知送达", "受理回证"),
        titles=_RECEIPT_TITLES,
        title_required=True,
    ),
    Paper(
        Item.INVESTIGATION,
        "调查记录",
        ART_16,
        5,
        may_be_absent=True,
        fix="请补送调查笔录等；本案确无调查记录的，附经批准的缺件情况说明。",
        key_words=("调查",),
        titles=("调查笔录", "调查记录", "走访笔录", "勘验笔录", "调查情况", "谈话笔录", "询问笔录"),
        title_required=True,
    ),
    Paper(
        Item.INTERVIEW,
        "约谈或协调会议记录",
        ART_16,
        6,
        dates=(_SIGNED,),
        may_share_pages=True,
        fix="请补送经信访人签名的约谈笔录或者协调会议记录。",
        key_words=("约谈", "谈话", "协调会"),
        titles=(*_TALK_TITLES, "协调会议记录", "协调会记录", "协调会议纪要", "协调会纪要"),
        title_required=True,
    ),
    Paper(
        Item.EVIDENCE,
        "相关证据材料",
        ART_16,
        7,
        word_accepted=True,
        may_be_absent=True,
        fix="请补送证据材料；本案确无证据材料的，附经批准的缺件情况说明。",
        key_words=("证据",),
    ),
    Paper(
        Item.REPLY_OPINION,
        "处理（答复）意见书",
        ART_16,
        8,
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
    Paper(
        Item.REPLY_SERVICE,
        "处理（答复）意见书送达回执或邮寄凭证",
        ART_16,
        9,
        service_of=Item.REPLY_OPINION,
        service_label="处理（答复）意见书",
        dates=(_RECEIVED, _POSTED),
        date_use=DateUse.REQUIRED,
        fix="请补送写明签收日期的送达回证，或者写明交寄日期的邮寄凭证。",
        key_words=("邮寄", "邮件", "回证", "回执"),
        titles=(*_RECEIPT_TITLES, "邮寄凭证", "邮寄送达凭证", "邮件详情单", "邮件收据", "投递证明"),
        title_required=True,
    ),
)
"""Art. 16: the nine items of a petition archive (信访档案内容), in binding order."""

WRITE_OFF_MATERIALS: tuple[Paper, ...] = (
    Paper(
        Item.LEGAL_DOCUMENT,
        "相关法律文书",
        ART_14,
        1,
        fix="请补送执行依据、执行裁定书等相关法律文书。",
        key_words=("裁定", "判决", "调解书"),
        titles=("判决书", "裁定书", "调解书", "裁决书", "决定书", "执行证书", "公证书"),
        title_required=True,
        sealed=True,
    ),
    Paper(
        Item.CONVERSATION_RECORD,
        "谈话笔录",
        ART_14,
        2,
        dates=(_SIGNED,),
        date_use=DateUse.REQUIRED,
        may_share_pages=True,
        fix="请补送经信访人签名、写明日期的谈话笔录；与约谈笔录是同一份的，一份用于两项。",
        titles=_TALK_TITLES,
        title_required=True,
    ),
    Paper(
        Item.MEASURES,
        "接访后采取工作措施",
        ART_14,
        3,
        document="measures_statement",
        generated_for=(BundleKind.WRITE_OFF,),
        word_accepted=True,
        key_words=("措施",),
        titles=("工作措施情况说明", "工作措施", "措施情况表"),
    ),
    Paper(
        Item.COMMITMENT,
        "息诉罢访承诺",
        ART_14,
        4,
        dates=(PaperDate("signed_on", "签署日期", entry_label="签名日期"),),
        date_use=DateUse.REQUIRED,
        fix="请补送信访人签署、写明日期的息诉罢访承诺书；此件不能以其他材料代替。",
        key_words=("承诺",),
        titles=("承诺书", "承诺"),
        title_required=True,
    ),
)
"""Art. 14, paragraph 2: the four materials of a write-off (核销)."""

OTHER_PAPERS: tuple[Paper, ...] = (
    Paper(
        Item.TRANSFER_PROOF,
        "转交、移送凭证",
        key_words=("转交", "移送"),
        titles=("转交(办)单", "转交单", "转办单", "移送函", "转办函", "移送清单"),
    ),
    Paper(
        Item.SUPERIOR_NOTICE,
        "交办、督办通知",
        key_words=("交办", "督办"),
        titles=("交办函", "督办函", "转办函", "交办通知", "督办通知", "事项的通知", "案件的通知", "交办单", "督办单"),
        title_required=True,
        sealed=True,
    ),
    Paper(
        Item.EXPLANATION_NOTICE,
        "不予受理释明告知书",
        ART_15,
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
    Paper(
        Item.EXPLANATION_SERVICE,
        "释明告知送达回执或释明记录",
        ART_15,
        service_of=Item.EXPLANATION_NOTICE,
        service_label="释明告知或释明记录",
        dates=(_RECEIVED,),
        date_use=DateUse.REQUESTED,
        key_words=("释明告知书送达", "释明告知送达", "释明送达", "释明回证", "释明记录"),
        titles=(*_RECEIPT_TITLES, "释明笔录", "释明记录"),
    ),
    Paper(
        Item.HEARING_RECORD,
        "听证笔录",
        key_words=("听证",),
        titles=("听证笔录", "听证记录", "听证会记录", "听证会笔录"),
        title_required=True,
    ),
    Paper(
        Item.APPROVAL,
        "审批、集体研究材料",
        in_annex=True,
        key_words=("呈批", "审批", "集体研究"),
        titles=("呈批表", "审批表", "集体研究记录", "研究记录", "合议笔录", "签报"),
        title_required=True,
    ),
    Paper(
        Item.JURISDICTION_NOTE,
        "不属于本院管辖范围的说明",
        ART_14,
        document="jurisdiction_note",
        word_accepted=True,
    ),
    Paper(Item.OTHER, "等相关材料", word_accepted=True, key_words=("委托书",)),
    Paper(
        Item.WRITE_OFF_REQUEST,
        "核销申请表",
        ART_14,
        document="write_off_request",
        generated_for=(BundleKind.WRITE_OFF,),
        word_accepted=True,
        key_words=("核销申请",),
        titles=("核销申请表",),
        title_required=True,
    ),
)
"""Papers that no list requires; a rule may."""

PAPERS: dict[Item, Paper] = {paper.item: paper for paper in (*ARCHIVE_ITEMS, *WRITE_OFF_MATERIALS, *OTHER_PAPERS)}

ANNEX_ITEMS: frozenset[Item] = frozenset(paper.item for paper in PAPERS.values() if paper.in_annex)
"""The papers of the annex volume (副卷): the court's internal business, which the parties may not see."""

SERVICE_RECEIPTS: tuple[Item, ...] = tuple(paper.item for paper in PAPERS.values() if paper.service_of)
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


def required_papers(kind: BundleKind) -> tuple[Paper, ...]:
    """The papers that Art. 16 and 14 ask for; for a declined case the ground decides, so none are listed here."""
    return {BundleKind.ARCHIVE: ARCHIVE_ITEMS, BundleKind.WRITE_OFF: (*ARCHIVE_ITEMS, *WRITE_OFF_MATERIALS)}.get(
        kind, ()
    )


def generated_papers(kind: BundleKind) -> tuple[Paper, ...]:
    """The papers in whose place a document is bound where no file was given."""
    return tuple(paper for paper in PAPERS.values() if kind in paper.generated_for)


def notice_of(receipt: Item) -> Paper:
    """The notice whose service a receipt proves.

    Raises:
        KeyError: the paper is no receipt of service.
    """
    notice = PAPERS[receipt].service_of
    if notice is None:
        raise KeyError(receipt)
    return PAPERS[notice]


def guess_item(text: str) -> Item | None:
    """The paper that a file's name, or the text of its first page, suggests; None where it suggests none."""
    if any(title in text for title in _OWN_TITLES):
        return Item.OTHER
    items = dict.fromkeys((*_GUESSING_ORDER, *PAPERS))
    return next((item for item in items if any(word in text for word in PAPERS[item].key_words)), None)
