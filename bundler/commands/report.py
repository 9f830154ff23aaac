"""The gate's verdict in words: the checklist, the deadlines, then each finding with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.assembly.examined import Examined
from bundler.gate.verdict import Deadline
from bundler.regulation.rules import RULES, Finding, Severity

_STATUS = {"present": "有　　", "generated": "可生成", "absent": "确无　", "missing": "缺　　"}
_MARK = {"present": "✓", "generated": "✓", "absent": "○", "missing": "✗"}
_HEADINGS = {Severity.ERROR: "必须补正", Severity.WARNING: "提醒", Severity.INFO: "说明"}


def report_lines(examined: Examined) -> Iterator[str]:
    """The report of one case, line by line."""
    verdict = examined.verdict
    yield f"案件：{examined.reading.given}　登记号：{verdict.registration_no or '（无）'}　检查类别：{verdict.kind.label}"
    if verdict.checklist:
        yield ""
        yield "材料清单"
        for line in verdict.checklist:
            files = "　".join(line.files)
            yield f"  {_MARK[line.status]} {_STATUS[line.status]} {line.article}　{line.label}{'　← ' + files if files else ''}"
    if verdict.deadlines:
        yield ""
        yield "期限"
        yield from map(_deadline_line, verdict.deadlines)
    for severity, heading in _HEADINGS.items():
        found = [finding for finding in verdict.findings if finding.severity is severity]
        if found:
            yield ""
            yield f"{heading}（{len(found)} 条）"
            for number, finding in enumerate(found, start=1):
                yield from _finding_lines(number, finding)
    yield ""
    yield "结论：材料齐全，可以成卷（bundler build）。" if verdict.complete else "结论：不齐，不能成卷。"


def _deadline_line(deadline: Deadline) -> str:
    state = f"{deadline.done} 完成" if deadline.done else "尚未完成"
    late = f"，超期 {deadline.overdue_days} 天" if deadline.overdue_days else ""
    provisional = "（暂定）" if deadline.provisional else ""
    return f"  {RULES[deadline.rule].text}：不晚于 {deadline.due}{provisional}，{state}{late}"


def _finding_lines(number: int, finding: Finding) -> Iterator[str]:
    where = f"{finding.article}　" if finding.article else ""
    yield f"  {number}. [{finding.rule}] {where}{finding.message}"
    if finding.fix:
        yield f"     → {finding.fix}"
