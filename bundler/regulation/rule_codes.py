"""The codes of the rules with their severities, and the texts of those that come from no regulation.

The article and the text of an `ART…` rule are in the file of the regulation in force (`Regulation.rules`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
        article: the article it comes from, as the regulation in force numbers it; None where none applies.
        severity: how serious a breach is.
        text: what it requires, in Chinese.
        paragraph: the paragraph of the article that it comes from; empty where the regulation's file names none.
    """

    id: str
    article: str | None
    severity: Severity
    text: str
    paragraph: str = ""


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

ARTICLE_RULES: dict[str, Severity] = {
    "ART04": _E,
    "ART04-SELF": _W,
    "ART05": _W,
    "ART06": _E,
    "ART06-DECLINED": _W,
    "ART06-STANDING": _W,
    "ART06-MEASURES": _W,
    "ART07": _W,
    "ART08": _W,
    "ART10": _E,
    "ART11": _W,
    "ART12": _E,
    "ART12-SYSTEM": _W,
    "ART13-TRANSFER": _W,
    "ART13-INTERVIEW": _W,
    "ART13-REPLY": _W,
    "ART13-APPROVAL": _E,
    "ART14-FEEDBACK": _W,
    "ART14-JURISDICTION": _E,
    "ART14-CLOSED": _E,
    "ART14-REQUEST": _E,
    "ART14-NOT-OURS": _W,
    "ART14-RESULT": _W,
    "ART14-UNFINISHED": _W,
    "ART14-PROOF": _W,
    "ART16-ABSENT": _W,
    "ART16-FOLLOW-UP": _W,
    "ART16-UNSEALED": _W,
}
"""The rules that a regulation's file may list under an article."""

REFUSAL_RULES = "ART15-n"
WRITE_OFF_RULES = "ART14-n"
ARCHIVE_RULES = "ART16-n"
RULE_GROUPS = (WRITE_OFF_RULES, REFUSAL_RULES, ARCHIVE_RULES)
"""Rules of which there is one for each material of a write-off, ground of refusal, and item of the archive."""

_TABLE: tuple[Rule, ...] = (
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
    Rule("DATA-REFUSAL", None, _W, "不予受理的情形与填写的信访人身份、执行案号不应矛盾，也不应另有答复意见书。"),
    Rule("DATA-RESOLUTION", None, _W, "核销申请表应写明化解情况。"),
    Rule("DATA-AUDIENCE", None, _W, "公开的听证才写旁听人数。"),
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
    Rule("DATA-DEBTORS", None, _I, "被执行人有几名的，执行措施写明对每一名的情况。"),
    Rule("DATA-REMEDY", None, _I, "申请执行人的权利告知，须写明案件是否终结本次执行程序、是否超过六个月。"),
    Rule("SERVICE-PERSON", None, _I, "几名信访人的，送达凭证应写明受送达人。"),
    Rule("SERVICE-EQUIVALENT", None, _I, "以邮寄、电子送达凭证代替送达回执。"),
)

GENERAL_RULES: dict[str, Rule] = {rule.id: rule for rule in _TABLE}
"""The rules about kinds of bundle, dates, data, files and readings, which come from no regulation."""


def severity_of(rule: str) -> Severity:
    """The severity of a rule; what a list of the regulation asks for (ART14-n, ART15-n, ART16-n) is an error.

    Raises:
        KeyError: there is no such rule.
    """
    if rule in GENERAL_RULES:
        return GENERAL_RULES[rule].severity
    group, _, number = rule.rpartition("-")
    return Severity.ERROR if number.isdecimal() and f"{group}-n" in RULE_GROUPS else ARTICLE_RULES[rule]
