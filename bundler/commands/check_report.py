"""The report of a checked case as Chinese lines: the checklist, the deadlines, and each finding with its fix."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.bundle.read_and_check_case import CheckedCase
from bundler.case.json_pointer import parse_pointer
from bundler.gate.check_result import CheckResult, Deadline
from bundler.gate.group_findings import group_findings
from bundler.printable_text import printable_excerpt
from bundler.regulation.findings import Finding
from bundler.regulation.rule_codes import Severity

_STATUS_LABELS = {"present": "有　　", "generated": "可生成", "absent": "确无　", "missing": "缺　　"}
_STATUS_MARKS = {"present": "✓", "generated": "✓", "absent": "○", "missing": "✗"}
_LONGEST_PLACE = 120
_HEADINGS = {Severity.ERROR: "必须补正", Severity.WARNING: "提醒", Severity.INFO: "说明"}


def report_lines(checked: CheckedCase, *, with_keys: bool = False) -> Iterator[str]:
    """The lines of the report of one case.

    Args:
        checked: the case.
        with_keys: whether to name the keys of case.json that each finding is about, for people who edit the file.
    """
    check_result = checked.check_result
    kind = "" if checked.reading.unreadable else f"　检查类别：{check_result.kind.label}"
    yield f"案件：{checked.reading.given}　登记号：{check_result.registration_no or '（无）'}{kind}"
    if check_result.checklist:
        yield ""
        yield "材料清单"
        for line in check_result.checklist:
            files = "　".join(line.files)
            yield f"  {_STATUS_MARKS[line.status]} {_STATUS_LABELS[line.status]} {line.article}　{line.label}{'　← ' + files if files else ''}"
    if check_result.deadlines:
        yield ""
        yield "期限"
        yield from map(_deadline_line, check_result.deadlines)
    for severity, heading in _HEADINGS.items():
        findings = group_findings(found for found in check_result.findings if found.severity is severity)
        if findings:
            yield ""
            yield f"{heading}（{len(findings)} 条）"
            for number, finding in enumerate(findings, start=1):
                yield from _finding_lines(number, finding, names_place=with_keys and finding in check_result.findings)
    yield ""
    yield f"结论：{summarize(check_result)}"


def summarize(check_result: CheckResult) -> str:
    """Whether the case is complete, in one sentence; what is counted is what the report lists."""
    if check_result.complete:
        return "材料齐全，可以成卷。"
    return f"有 {len(group_findings(check_result.errors))} 处须补正，暂不能成卷。"


def _deadline_line(deadline: Deadline) -> str:
    state = f"{deadline.done} 完成" if deadline.done else "尚未完成"
    late = f"，超期 {deadline.overdue_days} 天" if deadline.overdue_days else ""
    provisional = "（暂定）" if deadline.provisional else ""
    return f"  {deadline.text}：不晚于 {deadline.due}{provisional}，{state}{late}"


def _finding_lines(number: int, finding: Finding, *, names_place: bool) -> Iterator[str]:
    """A finding and its fix, with its place in case.json by the keys; one that was joined from several has none."""
    article = finding.article or ""
    where = f"{article}　" if article and not finding.message.startswith(article) else ""
    yield f"  {number}. [{finding.rule}] {where}{finding.message}"
    place = f"（case.json 的 {_keys(finding.path)}）" if names_place and finding.path else ""
    if finding.fix or place:
        yield f"     → {finding.fix}{place}"


def _keys(path: str) -> str:
    """A JSON Pointer as keys and places, such as claims[0].measures, cleared of what could hide in them."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in parse_pointer(path))
    return printable_excerpt("".join(steps).removeprefix("."), _LONGEST_PLACE)
