"""Break a title into lines between words, in the shape of GB/T 9704: a trapezium or a lozenge.

Where a word ends cannot be computed from characters, and a dictionary would be another large library. The words of titles are
few: this table has them, and whatever stands between two of them (a name) is not broken unless it is longer than a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from bundler.printable_text import em_width

_LINE_EMS = 20.0
"""Characters of 2号 in a line of 156 mm."""
_SHORTEST = 4.0
"""A line of fewer characters looks like one left over."""

_WORDS = (
    *("关于", "反映", "提出", "建议", "意见", "不属于", "信访事项", "信访人", "本院", "涉执信访", "管辖范围的说明"),
    *("办理进展情况的报告", "办理情况的报告", "等问题", "有关问题", "的意见"),
    *("终结本次执行程序", "恢复执行程序", "执行程序", "执行异议", "案外人异议", "执行复议", "执行监督", "执行和解"),
    *("申请执行人", "被执行人", "案外人", "利害关系人", "委托代理人", "执行人员", "执行案款", "执行款", "执行标的"),
    *("执行进度", "执行措施", "执行财产", "执行", "财产线索", "财产", "查控", "查封", "扣押", "冻结", "扣划", "处置"),
    *("评估", "拍卖", "变卖", "发放", "支付", "解除", "变更", "追加", "回避", "参与分配", "限制消费", "失信名单"),
    *("劳动报酬", "经济补偿", "工程款", "货款", "借款", "租金", "工资", "债权", "房屋", "车辆", "账户", "土地"),
    *("未及时", "不及时", "及时", "不当", "迟延", "超标的", "超期限", "违法", "错误", "加快", "依法"),
    *("有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "（集团）", "村民委员会", "居民委员会", "合作社"),
)
_SPLIT = re.compile("|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True))))
_STAYS_BEFORE = frozenset("、，。；：）》”’〕·的等和与")
"""A line does not begin with one of these, which belong to the word before."""


def break_title(text: str) -> tuple[str, ...]:
    """Break a title into as few lines as hold it, each ending with a word.

    Of the ways to do so, one that narrows downwards, widens downwards, or is widest in the middle is taken, with lines of
    about the same length; a title that is narrowest in the middle is no shape of the standard.
    """
    words = tuple(_words(str(text)))
    total = sum(map(em_width, words))
    for count in range(max(1, -int(-total // _LINE_EMS)), len(words) + 1):
        found = _divisions(words, count)
        if found:
            return min(found, key=_awkwardness)
    return words


def _words(text: str) -> Iterator[str]:
    """The words of a title, each with the marks that stay with it; a name longer than a line is cut at its end."""
    parts: list[str] = []
    place = 0
    for match in _SPLIT.finditer(text):
        parts += [text[place : match.start()], match[0]]
        place = match.end()
    parts.append(text[place:])
    joined: list[str] = []
    for part in parts:
        for piece in re.findall(r"[^、，·]+[、，·]?|[、，·]", part):
            if joined and (piece[0] in _STAYS_BEFORE or piece.startswith("问题")):
                joined[-1] += piece
            else:
                joined.append(piece)
    for word in joined:
        yield from _cut(word)


def _cut(word: str) -> Iterator[str]:
    line = ""
    for character in word:
        if em_width(line + character) > _LINE_EMS and character not in _STAYS_BEFORE:
            yield line
            line = ""
        line += character
    yield line


@cache
def _divisions(words: tuple[str, ...], count: int) -> tuple[tuple[str, ...], ...]:
    """Every way to write words in so many lines, none longer than the page allows."""
    if count == 1:
        line = "".join(words)
        return ((line,),) if em_width(line) <= _LINE_EMS else ()
    found: list[tuple[str, ...]] = []
    for end in range(1, len(words) - count + 2):
        line = "".join(words[:end])
        if em_width(line) > _LINE_EMS:
            break
        found += [(line, *rest) for rest in _divisions(words[end:], count - 1)]
    return tuple(found)


def _awkwardness(lines: tuple[str, ...]) -> tuple[bool, bool, float]:
    """The order of preference: the standard's shapes, no line left over, and lines as equal as may be, the upper longer."""
    widths = [em_width(line) for line in lines]
    mean = sum(widths) / len(widths)
    spread = sum((width - mean) ** 2 for width in widths)
    narrower_above = sum(max(below - above, 0.0) for above, below in pairwise(widths))
    within = sum(_WITHIN for above, below in pairwise(lines) if not _is_pause(above, below))
    return not _has_shape(widths), min(widths) < _SHORTEST, spread + narrower_above + within


_WITHIN = 40.0
"""How much worse a break within a phrase is than lines of unequal length."""


def _is_pause(above: str, below: str) -> bool:
    """Whether one would pause there when reading aloud."""
    return above.endswith(("、", "，", "反映", "建议")) or below.startswith(
        ("反映", "信访事项", "办理", "本院", "建议")
    )


def _has_shape(widths: Sequence[float]) -> bool:
    """Whether the widths never grow again once they have shrunk, or only grow: nothing narrow in the middle."""
    shrunk = False
    for above, below in pairwise(widths):
        if below > above and shrunk:
            return False
        shrunk = shrunk or below < above
    return True
