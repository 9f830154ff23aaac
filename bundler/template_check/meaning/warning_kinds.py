"""The twelve kinds of mistakes of meaning, each with its code, and a warning of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.template_check.tokens import Location

DEADLINE, ARTICLE, STATUTE = "MEANING-DEADLINE", "MEANING-ARTICLE", "MEANING-STATUTE"
NUMBERING, SENTENCE, LIST = "MEANING-NUMBERING", "MEANING-SENTENCE", "MEANING-LIST"
EMPTY_BRANCH, SAME_BRANCH = "MEANING-EMPTY-BRANCH", "MEANING-SAME-BRANCH"
ADDRESS, COURT = "MEANING-ADDRESS", "MEANING-COURT"
LABEL, CONDITION = "MEANING-LABEL", "MEANING-CONDITION"

KINDS = {
    DEADLINE: "期限写成了固定的天数",
    ARTICLE: "规定的条、项写成了固定的数",
    STATUTE: "法律的条号写成了固定的数",
    NUMBERING: "条款的序号重复或者跳过",
    SENTENCE: "同一句话印了两遍",
    LIST: "一列只印了第一个",
    EMPTY_BRANCH: "分支里什么也不印",
    SAME_BRANCH: "两个分支印得一样",
    ADDRESS: "“你”和“你们”混用",
    COURT: "“本院”和“我院”混用",
    LABEL: "栏目里印的是另一栏的内容",
    CONDITION: "条件写反了，或者和文字不符",
}
"""What each kind is, in Chinese."""


@dataclass(frozen=True, slots=True)
class MeaningWarning:
    """A likely mistake at a place of a template.

    Attributes:
        code: one of `KINDS`.
        location: the paragraph, or the line of a page.
        expression: the words or the tag at fault as the file has them.
        message: what is wrong, in Chinese.
        suggestion: what to do.
    """

    code: str
    location: Location
    expression: str
    message: str
    suggestion: str
