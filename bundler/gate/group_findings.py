"""Findings as a person reads them: several of one kind are one line. `--json` and the manifest have each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bundler.regulation.findings import REST_FIX, Finding
from bundler.regulation.rule_codes import Severity

_TOGETHER: dict[str, tuple[str, str]] = {
    "ART16-UNSEALED": ("，尚未换成盖章件", "以下{count}份尚未换成盖章件：{listed}。"),
    "ART14-PROOF": ("没有佐证材料", "以下{count}项没有佐证材料：{listed}。"),
    "FILE-UNLISTED": ("文件夹里的|没有列入材料，", "文件夹里有{count}个文件没有列入材料：{listed}。"),
    "ART12": ("登记事项缺少", "登记事项缺少：{listed}。"),
}
"""By rule: the words that the messages have in common (a pattern), and how one message says it of several."""


def group_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join the findings of one rule that ask for the same thing to be done, in the place of the first.

    A finding that is repeated for each item of a file is given once. The places of joined findings are those of the first.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for found in findings:
        is_listed = found.fix != REST_FIX
        key = (found.rule, found.article or "", "" if found.rule in _TOGETHER and is_listed else found.fix)
        groups.setdefault(key, []).append(found)
    return tuple(_join(group) for group in groups.values())


def _join(group: list[Finding]) -> Finding:
    first = group[0]
    messages = list(dict.fromkeys(found.message for found in group))
    if len(messages) == 1:
        return first
    common, sentence = _TOGETHER.get(first.rule, ("", "{listed}。"))
    listed = [re.sub(common, "", message).rstrip("。") if common else message.rstrip("。") for message in messages]
    between = "、" if common else "；"
    # What must be corrected is listed whole.
    shown = between.join(listed) if first.severity is Severity.ERROR else _list_first(listed, between)
    text = sentence.format(count=len(listed), listed=shown)
    fixes = list(dict.fromkeys(found.fix for found in group))
    return replace(first, message=text, fix=fixes[0] if len(fixes) == 1 else _JOINT_FIX.get(first.rule, fixes[0]))


def _list_first(listed: list[str], between: str) -> str:
    """The texts as one list; of very many the first, and how many more there are."""
    more = len(listed) - _MOST_LISTED
    if more <= 0:
        return between.join(listed)
    # A list with 、 stands after its count, as in 文件夹里有25个文件没有列入材料.
    return between.join(listed[:_MOST_LISTED]) + ("等" if between == "、" else f"；另有同样的情形{more}处")


_MOST_LISTED = 20
"""So many reminders a person reads; a folder can have thousands of files, and a bundle hundreds of copied pages."""
_JOINT_FIX = {"ART12": "请补填这些登记事项。"}
"""What to do about several, where each alone names its own."""
