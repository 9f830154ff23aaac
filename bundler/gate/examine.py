"""The one pass: every rule that applies to the case's kind, sorted, each fault told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bundler.case.model import Case
from bundler.case.reading import Reading
from bundler.gate import data, dates
from bundler.gate.articles import ACCEPTED_RULES
from bundler.gate.checklist import checklist, generated_findings, missing_findings
from bundler.gate.refusals import art15, declined_checklist, registration_lacking
from bundler.gate.registration import art12, art12_system
from bundler.gate.scene import Scene
from bundler.gate.verdict import Verdict
from bundler.regulation.kinds import Kind
from bundler.regulation.rules import Finding, finding, sort_key


def kind_of(case: Case, asked: Kind | None) -> Kind:
    """What a case is checked as: what was asked, else what the case itself says; a pending one as an archive."""
    if case.decision == "pending":
        return Kind.ARCHIVE
    if asked is not None:
        return asked
    if case.decision == "declined":
        return Kind.DECLINED
    return Kind.WRITE_OFF if case.write_off is not None else Kind.ARCHIVE


def examine(reading: Reading, scene: Scene) -> Verdict:
    """The verdict on a case: checklist, deadlines, and every finding in the contract's order."""
    found = {(f.rule, f.item, f.path, f.message): f for f in (*reading.findings, *_told(reading, scene))}
    return Verdict(
        registration_no=scene.case.registration.no,
        kind=scene.kind,
        checklist=tuple(declined_checklist(scene)) if scene.kind is Kind.DECLINED else checklist(scene),
        deadlines=dates.deadlines(scene),
        findings=tuple(sorted(found.values(), key=sort_key)),
    )


def _told(reading: Reading, scene: Scene) -> Iterator[Finding]:
    """The rules' findings, without those about parts that could not be read, with pointers into the file itself."""
    for found in _all(scene):
        if not reading.is_unread(found.path):
            is_raw = found.rule in {"DATA-CHARACTER", "FONT-GLYPH"} and found.path in scene.values
            yield found if found.path is None or is_raw else replace(found, path=reading.true_pointer(found.path))


def _all(scene: Scene) -> Iterator[Finding]:
    yield from _kind(scene)
    registration = tuple(art12(scene))
    yield from registration
    yield from art12_system(scene)
    if scene.kind is Kind.DECLINED:
        yield from art15(scene)
        yield from registration_lacking(scene, {found.path for found in registration})
        yield from _declined_with_ground(scene)
    else:
        for article in ACCEPTED_RULES:
            yield from article(scene)
        yield from missing_findings(scene)
    yield from generated_findings(scene)
    yield from scene.file_findings
    for rule in (*dates.RULES, *data.RULES):
        yield from rule(scene)


def _kind(scene: Scene) -> Iterator[Finding]:
    """Whether the case may be bundled as this kind at all."""
    decision = scene.case.decision
    if decision == "pending":
        yield finding(
            "KIND-PENDING",
            message="还没有决定是否受理。",
            fix="决定后，把 decision 改为 accepted 或者 declined。",
            path="/decision",
        )
    elif decision == "declined" and scene.kind is not Kind.DECLINED:
        fix = "请用 --kind declined，或者不写 --kind。"
        yield finding(
            "KIND-DECLINED", message=f"不予受理的案件不能按{scene.kind.label}成卷。", fix=fix, path="/decision"
        )
    elif decision == "accepted" and scene.kind is Kind.DECLINED:
        fix = "请用 --kind archive 或者 write-off。"
        yield finding("KIND-ACCEPTED", message="已受理的案件不能按不予受理成卷。", fix=fix, path="/decision")


def _declined_with_ground(scene: Scene) -> Iterator[Finding]:
    if scene.case.grounds:
        yield finding(
            "ART06-DECLINED",
            message="不予受理的案件记有受理事由。",
            fix="涉及执行案件的部分应当受理；都不应受理的，请删去 grounds。",
            path="/grounds",
        )
