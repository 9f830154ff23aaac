"""Checks one case: applies every rule for its kind of bundle, removes duplicates, sorts the findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from bundler.case.model import Case
from bundler.case.reader import ReadResult
from bundler.gate import consistency_rules, data_rules, date_rules, scan_reading_rules, wording_rules, write_off_rules
from bundler.gate.check_result import CheckResult
from bundler.gate.declined_rules import build_declined_checklist, check_article_15, check_registration_form
from bundler.gate.procedure_rules import ACCEPTED_RULES, COMMON_RULES, check_article_12, check_article_12_system
from bundler.gate.required_papers import build_checklist, check_generated_papers, check_required_papers
from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding, limit_findings
from bundler.regulation.papers import BundleKind, Item


def kind_of(case: Case, requested: BundleKind | None) -> BundleKind:
    """The kind of bundle to check for: the requested one, else the one that the case implies; archive while pending."""
    if case.decision == "pending":
        return BundleKind.ARCHIVE
    if requested is not None:
        return requested
    if case.decision == "declined":
        return BundleKind.DECLINED
    return BundleKind.WRITE_OFF if case.write_off is not None else BundleKind.ARCHIVE


def apply_rules(reading: ReadResult, context: GateContext) -> CheckResult:
    """Check a case: its checklist, its deadlines, and all findings sorted by article, paper and place."""
    judged = list(_judge(context))
    silent = {one for one in judged if context.unread.silence(one)}
    about_file = context.unread.name_undecided(
        reading.findings, filter(silent.__contains__, judged), _names_of_papers(context)
    )
    spoken = (one for one in judged if one not in silent)
    found = {(f.rule, f.item, f.path, f.message): f for f in (*about_file, *spoken)}
    in_order = context.regulation.sort_key(context.kind)
    listed = limit_findings(sorted(found.values(), key=in_order), reading.not_described)
    return CheckResult(
        registration_no=context.case.registration.no,
        kind=context.kind,
        checklist=tuple(build_declined_checklist(context))
        if context.kind is BundleKind.DECLINED
        else build_checklist(context),
        deadlines=date_rules.compute_deadlines(context),
        findings=tuple(sorted(listed, key=in_order)),
    )


def _names_of_papers(context: GateContext) -> dict[Item, str]:
    return {item: paper.label for item, paper in context.regulation.papers.items()}


def _judge(context: GateContext) -> Iterator[Finding]:
    """The rules' findings with their articles and with pointers into case.json itself.

    There is none of a rule that the regulation does not have; some may hang on a part that could not be read.
    """
    unread = context.unread
    placed = (replace(found, path=unread.pointer_in_file(found.path)) for found in _apply_to_case(context))
    yield from filter(None, (_cite(context, found) for found in chain(placed, _apply_to_texts(context))))


def _cite(context: GateContext, found: Finding) -> Finding | None:
    """The finding with its article; Art. 16 does not apply to a declined case."""
    cited = context.regulation.cite(found)
    is_outside = found.rule == "ART16-UNSEALED" and context.kind is BundleKind.DECLINED
    return replace(cited, article=None) if cited and is_outside else cited


def _apply_to_texts(context: GateContext) -> Iterator[Finding]:
    """The rules about every text of case.json, by its own pointers."""
    yield from wording_rules.check_wording(context)
    yield from data_rules.check_characters(context)


def _apply_to_case(context: GateContext) -> Iterator[Finding]:
    """The rules about the case, by pointers into the case."""
    yield from _check_kind(context)
    registration = tuple(check_article_12(context))
    yield from registration
    yield from check_article_12_system(context)
    for common in COMMON_RULES:
        yield from common(context)
    if context.kind is BundleKind.DECLINED:
        yield from check_article_15(context)
        yield from check_registration_form(context, {found.path for found in registration})
        yield from _check_declined_without_grounds(context)
    else:
        for article in ACCEPTED_RULES:
            yield from article(context)
        for consistency in (*consistency_rules.ACCEPTED_RULES, *write_off_rules.ACCEPTED_RULES):
            yield from consistency(context)
        yield from check_required_papers(context)
    yield from check_generated_papers(context)
    yield from context.file_findings
    yield from scan_reading_rules.check_scan_readings(context)
    for rule in (*date_rules.RULES, *data_rules.RULES):
        yield from rule(context)


def _check_kind(context: GateContext) -> Iterator[Finding]:
    """Whether the decision on acceptance allows this kind of bundle."""
    decision = context.case.decision
    if decision == "pending":
        yield finding(
            "KIND-PENDING",
            message="还没有决定是否受理。",
            fix="请决定受理或者不予受理，并填写受理情况。",
            path="/decision",
        )
    elif decision == "declined" and context.kind is not BundleKind.DECLINED:
        fix = "请按不予受理归档检查，或者不指定类别。"
        yield finding(
            "KIND-DECLINED", message=f"不予受理的案件不能按{context.kind.label}办理。", fix=fix, path="/decision"
        )
    elif decision == "accepted" and context.kind is BundleKind.DECLINED:
        fix = "请按归档或者核销检查，或者不指定类别。"
        yield finding("KIND-ACCEPTED", message="已受理的案件不能按不予受理办理。", fix=fix, path="/decision")


def _check_declined_without_grounds(context: GateContext) -> Iterator[Finding]:
    if context.case.grounds:
        yield finding(
            "ART06-DECLINED",
            message="不予受理的案件记有受理事由。",
            fix="涉及执行案件的部分应当受理；都不应受理的，请删去受理事由。",
            path="/grounds",
        )
