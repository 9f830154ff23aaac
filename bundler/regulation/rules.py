"""The table of rules, in the order of the regulation: id, article, severity and text of each; and findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bundler.regulation.articles import (
    ART_4,
    ART_5,
    ART_6A,
    ART_6B,
    ART_7,
    ART_8,
    ART_10,
    ART_11,
    ART_12,
    ART_13,
    ART_14,
    ART_15,
    ART_16,
    ARTICLES,
)
from bundler.regulation.papers import ARCHIVE_ITEMS, PAPERS, Item


class Severity(StrEnum):
    """How serious a finding is: with an error no bundle is built; a warning or an info does not prevent it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: its code, which never changes.
        article: the article it comes from, as the regulation numbers it; None where none applies.
        severity: how serious a breach is.
        text: what it requires, in Chinese.
        paragraph: the paragraph of Art. 14 that it comes from; empty where the notice of return names none.
    """

    id: str
    article: str | None
    severity: Severity
    text: str
    paragraph: str = ""


@dataclass(frozen=True, slots=True)
class ScanPlace:
    """A place on a scanned page that a finding is about.

    Attributes:
        file: the file, as the case names it.
        page: the page of the file, from 1.
        box: left, top, right and bottom in pixels of the page as a viewer shows it.
        size: width and height of that page, in pixels.
        read: what was read there; empty where the finding is about a picture or about nothing that was read.
    """

    file: str
    page: int
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    read: str = ""

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``check --json``."""
        return {"file": self.file, "page": self.page, "box": list(self.box), "size": list(self.size), "read": self.read}


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement of the gate about one case: the rule, the place, what is wrong, and what the clerk should do.

    Attributes:
        places: where on the scans it was read; only findings about readings have any.
    """

    rule: str
    severity: Severity
    article: str | None
    item: Item | None
    path: str | None
    message: str
    fix: str
    places: tuple[ScanPlace, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``check --json``; places only where there are any."""
        value: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity.value,
            "article": self.article,
            "item": self.item.value if self.item else None,
            "path": self.path,
            "message": self.message,
            "fix": self.fix,
        }
        return {**value, "places": [place.as_json() for place in self.places]} if self.places else value


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_TABLE: tuple[Rule, ...] = (
    Rule("ART04", ART_4, _E, "规定施行后受理的案件，须有院领导主办。"),
    Rule("ART04-SELF", ART_4, _W, "主办院领导不应是案件承办人本人。"),
    Rule("ART05", ART_5, _W, "落实首问负责制：须有首访接待人；原承办人不在执行岗位的，由执行信访团队协调处理。"),
    Rule("ART06", ART_6A, _E, "受理的案件须写明八项受理事由中的一项或者几项。"),
    Rule("ART06-DECLINED", ART_6A, _W, "不予受理的案件不应同时记有受理事由；涉及执行案件的部分应当受理。"),
    Rule("ART06-STANDING", ART_6A, _W, "受理的案件，信访人中应有案件当事人、利害关系人或者其受托人。"),
    Rule(
        "ART06-MEASURES",
        ART_6B,
        _W,
        "执行实施类信访案件以被执行人无财产可供执行申请核销的，应有已穷尽执行措施情况表。",
    ),
    Rule("ART07", ART_7, _W, "审查类信访案件应导入法定程序，或者写明不导入的理由。"),
    Rule("ART08", ART_8, _W, "重复来访或者重大复杂信访案件，应由分管副局长、执行局局长或者院领导接待。"),
    Rule("ART10", ART_10, _E, "对来访人采取强制措施，须经院领导批准。"),
    Rule("ART11", ART_11, _W, "特别困难的申请执行人来访，被执行人无财产可供执行的，应报请启动司法救助。"),
    Rule(
        "ART12", ART_12, _E, "八项登记事项须齐全：时间、来源、信访人及电话、当事人、承办人、案号、内容摘要、拟办意见。"
    ),
    Rule("ART12-SYSTEM", ART_12, _W, "须录入执行申诉信访系统，应录尽录。"),
    Rule("ART13-TRANSFER", ART_13, _W, "收到后 2 日内转交案件承办人"),
    Rule("ART13-INTERVIEW", ART_13, _W, "承办人收到后 5 日内约谈信访人"),
    Rule("ART13-REPLY", ART_13, _W, "承办人收到后 40 个工作日内答复信访人"),
    Rule(
        "ART13-APPROVAL",
        ART_13,
        _E,
        "答复前，办理意见须经主办院领导同意（写明姓名、日期，不是承办人本人），或者经二人以上集体研究（写明日期）。",
    ),
    Rule("ART14-FEEDBACK", ART_14, _W, "按交办通知要求的日期反馈"),
    Rule("ART14-JURISDICTION", ART_14, _E, "不属于本院涉执信访管辖范围的，应当作出说明。", "第一款"),
    Rule("ART14-CLOSED", ART_14, _E, "办理完毕（答复意见书已送达或者交寄）才能申请核销。", "第二款"),
    Rule("ART14-REQUEST", ART_14, _E, "申请核销须有核销申请表。", "第二款"),
    Rule("ART14-1", ART_14, _E, "申请核销须有相关法律文书。", "第二款"),
    Rule("ART14-2", ART_14, _E, "申请核销须有谈话笔录，并有信访人签名日期。", "第二款"),
    Rule("ART14-3", ART_14, _E, "申请核销须有接访后采取工作措施的材料，至少一项注明日期的措施。", "第二款"),
    Rule("ART14-4", ART_14, _E, "申请核销须有信访人签署的息诉罢访承诺，并有签署日期。", "第二款"),
    Rule("ART14-NOT-OURS", ART_14, _W, "已受理的案件不应又写明不属于本院管辖。", "第一款"),
    Rule("ART14-RESULT", ART_14, _W, "化解情况写明的执行到位、和解、司法救助、导入程序，案件里应有相应的事实。"),
    Rule("ART14-PROOF", ART_14, _W, "采取的工作措施应有佐证材料。"),
    Rule("ART15-1", ART_15, _E, "信息不明确：须有注明日期的联系记录，或者沟通后仍无法确认案件的记录。"),
    Rule("ART15-2", ART_15, _E, "仅反映作风、廉洁问题：须已移送有关部门并有移送凭证，且已向信访人释明。"),
    Rule("ART15-3", ART_15, _E, "不是当事人、利害关系人，也未受委托：须写明如何核对身份，且已释明。"),
    Rule("ART15-4", ART_15, _E, "应通过其他法定程序处理：须已移送有关部门并有移送凭证，且已释明。"),
    Rule("ART15-5", ART_15, _E, "不属于人民法院管辖：须写明有权机关和救济途径，且已释明。"),
    Rule("ART15-6", ART_15, _E, "不是本院的执行案件：须写明是哪一案，且已释明。"),
    Rule("ART15-7", ART_15, _E, "已提级、指定执行：须写明现执行法院和所依文书，且已释明。"),
    *(Rule(paper.rule, ART_16, _E, f"信访档案须有{paper.label}。") for paper in ARCHIVE_ITEMS),
    Rule("ART16-ABSENT", ART_16, _W, "确无此件须由承办人以外的人批准；遗失或者没有收集的，不是确无此件。"),
    Rule("ART16-FOLLOW-UP", ART_16, _W, "计划的回访应当按日进行，并记录情况。"),
    Rule("ART16-UNSEALED", ART_16, _W, "生成的文书装入卷内时，应换成已签名、盖章的扫描件。"),
    Rule("KIND-DECLINED", None, _E, "不予受理的案件不能按归档或者核销办理。"),
    Rule("KIND-PENDING", None, _E, "尚未决定是否受理的案件不能归档、核销。"),
    Rule("KIND-ACCEPTED", None, _E, "已受理的案件不能按不予受理办理。"),
    Rule("DATE-ORDER", None, _E, "日期先后：收到≤转交≤承办人收到；文书≤送达；审批≤答复；答复送达≤核销申请。"),
    Rule("DATE-FUTURE", None, _E, "已发生的事，日期不能晚于检查当日。"),
    Rule("DATA-REGISTRATION-NO", None, _E, "登记号须填写，由 1 至 64 个字母、数字、汉字或者（）〔〕- 组成。"),
    Rule("DATA-CASE-NUMBER", None, _E, "案号须符合案号规定的写法。"),
    Rule("DATA-ID-NUMBER", None, _E, "公民身份号码须符合 GB 11643。"),
    Rule("DATA-CREDIT-CODE", None, _E, "统一社会信用代码须符合 GB 32100。"),
    Rule("DATA-CHARACTER", None, _E, "文字里不能有控制字符、双向控制符、行和段的分隔符、专用区字符或者残缺字符。"),
    Rule("DATA-CONFLICT", None, _E, "案件里的内容不能互相矛盾。"),
    Rule("DATA-DUPLICATE", None, _E, "同一批案件的登记号不能重复。"),
    Rule("FILE-MISSING", None, _E, "写明的文件须在案件文件夹里。"),
    Rule("FILE-OUTSIDE", None, _E, "文件须在案件文件夹里，用相对路径，不能是通向外面的链接。"),
    Rule("FILE-TYPE", None, _E, "文件须是 PDF、JPEG、PNG、TIFF 或者 .docx。"),
    Rule("FILE-ENCRYPTED", None, _E, "文件不能有打开密码。"),
    Rule("FILE-DAMAGED", None, _E, "文件须完好。"),
    Rule("FILE-EMPTY", None, _E, "文件须有内容，不能全是空白页。"),
    Rule("FILE-TOO-LARGE", None, _E, "文件不能超过处理的上限。"),
    Rule("FILE-DUPLICATE", None, _E, "同样的内容不能装订两次。"),
    Rule("FILE-UNREVIEWED", None, _E, "Word 文件不能留有修订或者批注。"),
    Rule("FILE-UNSIGNED", None, _E, "须有签名的材料应是扫描件，不能是 Word 文件。"),
    Rule("FILE-CHANGED", None, _E, "检查以后，文件不能再改动。"),
    Rule("FILE-FONT", None, _E, "PDF 里的字体须嵌入。"),
    Rule("FILE-LAYERS", None, _E, "PDF 不能有隐藏的图层。"),
    Rule("FILE-COLOUR", None, _E, "PDF 的颜色须能按归档格式表示。"),
    Rule("DOCX-UNSUPPORTED", None, _E, "Word 文件里只能有排版支持的内容。"),
    Rule("FONT-GLYPH", None, _E, "每个字都要有字体能印出来。"),
    Rule("JSON-SYNTAX", None, _E, "case.json 须是正确的 JSON。"),
    Rule("JSON-ENCODING", None, _E, "case.json 须是 UTF-8 编码。"),
    Rule("JSON-KEY", None, _E, "case.json 里只能有认识的键。"),
    Rule("JSON-DUPLICATE-KEY", None, _E, "同一个对象里的键不能重复。"),
    Rule("JSON-SCHEMA", None, _E, "case.json 的内容须符合 JSON Schema。"),
    Rule("CASE-CRASH", None, _E, "批处理：这一件处理时程序出错。"),
    Rule("CASE-TIMEOUT", None, _E, "批处理：这一件处理超时。"),
    Rule("CASE-MEMORY", None, _E, "批处理：这一件占用内存过多。"),
    Rule("DATE-COMMITMENT", None, _W, "息诉罢访承诺不应早于答复意见书签署。"),
    Rule("WORDING", None, _W, "要印出来的内容里不应有不当用语，标点不应重复。"),
    Rule("COURT-CODE", None, _W, "案号属于其他法院。"),
    Rule("DATA-PHONE", None, _W, "联系电话的写法不常见。"),
    Rule("SCAN-DPI", None, _W, "扫描件应不低于 200 dpi。"),
    Rule("SCAN-BLANK", None, _W, "文件里有空白页。"),
    Rule("SCAN-SHARED", None, _W, "同一单页用于几项材料。"),
    Rule("FILE-UNLISTED", None, _W, "文件夹里有没有列入材料的文件。"),
    Rule("FILE-EXTENSION", None, _W, "文件的扩展名与内容不符。"),
    Rule("FILE-OWNER-LOCKED", None, _W, "PDF 有权限密码，但可以打开。"),
    Rule("FILE-PICTURED", None, _W, "PDF 的一些页不能按归档格式保存，法院配置允许的，装订时转为图像。"),
    Rule("FILE-SIGNED", None, _W, "PDF 有电子签名，装订后签名失效，可见的印记保留。"),
    Rule("READ-TURNED", None, _W, "扫描件的每一页都应放正。"),
    Rule("READ-PAGES", None, _W, "扫描件印有“第×页　共×页”的，各页应齐全，顺序应正确。"),
    Rule("READ-CASE", None, _W, "扫描件上的登记号、案号、姓名应是本案的。"),
    Rule("READ-ITEM", None, _W, "扫描件的标题应与所列的材料项目相符。"),
    Rule("READ-DATE", None, _W, "扫描件上的日期应与填写的日期一致。"),
    Rule("READ-SEAL", None, _W, "应盖章的材料，彩色扫描件上应看得见印章。"),
    Rule("READ-TWIN", None, _W, "同一页不应扫描、装订两次。"),
    Rule("READ-UNCLEAR", None, _W, "扫描件应清楚，文字应读得出来。"),
    Rule("READ-RECORD", None, _W, "扫描件的识读记录须完好，并与文件相符；不相符的不采用。"),
    Rule("CALENDAR-PROVISIONAL", None, _W, "期限落在尚未公布放假安排的年份，日期暂定。"),
    Rule("DOCX-ADAPTED", None, _I, "Word 文件里的一些格式，装订后和 Word 里看到的不同，文字不少。"),
    Rule("SPC-LIMIT", None, _I, "上级法院对登记、办结另有更短的期限要求。"),
    Rule("SERVICE-EQUIVALENT", None, _I, "以邮寄、电子送达凭证代替送达回执。"),
)

RULES: dict[str, Rule] = {rule.id: rule for rule in _TABLE}


def finding(rule: str, *, message: str, fix: str, item: Item | None = None, path: str | None = None) -> Finding:
    """Make a finding of a rule, with the severity and the article of the table."""
    source = RULES[rule]
    return Finding(rule, source.severity, source.article, item, path, message, fix)


_ITEM_ORDER = {item: place for place, item in enumerate(PAPERS)}


def sort_key(found: Finding) -> tuple[int, int, str, str, str]:
    """The order of findings: article (none last), paper in the order of the table, path, rule."""
    article = ARTICLES.index(found.article) if found.article else len(ARTICLES)
    item = _ITEM_ORDER[found.item] if found.item else len(_ITEM_ORDER)
    return (article, item, found.path or "", found.rule, found.message)
