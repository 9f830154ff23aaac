"""Rules about the data of case.json: forms of numbers, printable characters, contradictions, files not listed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from bundler.case.identifiers import (
    case_number_fault,
    court_code_of,
    credit_code_fault,
    id_number_fault,
    phone_fault,
    registration_no_fault,
)
from bundler.case.json_pointer import describe_pointer
from bundler.case.model import Case
from bundler.gate.file_defect_rules import missing_glyphs_finding
from bundler.gate.rule_input import GateContext
from bundler.printable_text import unsafe_characters
from bundler.regulation.file_sections import SHIPPED_GROUNDS, SHIPPED_REFUSALS
from bundler.regulation.findings import Finding, finding
from bundler.regulation.model import Regulation, in_hanzi
from bundler.regulation.papers import BundleKind, Item

_CASE_NUMBER_OF = {
    "enforcement_cases": "执行案号",
    "claims": "导入程序的案号",
    "led_into": "导入程序的案号",
    "relief": "救助案号",
}
_ANOTHER_COURTS_CASE = 6
"""The code of the ground of refusal that the case is another court's."""
_WITHOUT_STANDING = 3
"""The code of the ground of refusal that the petitioner is neither a party nor concerned."""
_FILE_NAME_FIELD = re.compile(r"/(file|proof_file)$")


def check_registration_number(context: GateContext) -> Iterator[Finding]:
    """DATA-REGISTRATION-NO for the case of a context."""
    yield from check_registration_number_of(context.case)


def check_registration_number_of(case: Case) -> Iterator[Finding]:
    """DATA-REGISTRATION-NO: the registration number is given and can be part of a file name."""
    given = case.registration.no
    fault = "没有登记号" if given is None else registration_no_fault(given)
    if fault:
        fix = "请填写登记号，如“钢信执2021-0042”。"
        yield finding("DATA-REGISTRATION-NO", message=f"{fault}。", fix=fix, path="/registration/no")


def check_case_numbers(context: GateContext) -> Iterator[Finding]:
    """DATA-CASE-NUMBER for the form of case numbers, COURT-CODE for enforcement cases of another court."""
    for path, number in _case_numbers(context):
        fault = case_number_fault(number)
        if fault:
            yield finding(
                "DATA-CASE-NUMBER",
                message=f"{_CASE_NUMBER_OF[path.split('/')[1]]}“{number}”：{fault}。",
                fix="请对照立案信息或者裁判文书改正。",
                path=path,
            )
    for index, enforcement in enumerate(context.case.enforcement_cases):
        code = court_code_of(enforcement.no) if isinstance(enforcement.no, str) else None
        if code and code not in context.profile.court_code and context.kind is not BundleKind.DECLINED:
            yield finding(
                "COURT-CODE",
                message=f"执行案号的法院代字是“{code}”，不是本院的（{'、'.join(context.profile.court_code)}）。",
                fix=f"请核对案号；确非本院执行案件的，{_how_to_pass_on(context.regulation)}。",
                path=f"/enforcement_cases/{index}/no",
            )


def _how_to_pass_on(regulation: Regulation) -> str:
    """What the regulation asks for in a case of another court: a note, or its ground of refusal."""
    note, refusal = regulation.rules.get("ART14-JURISDICTION"), regulation.refusal_of(_ANOTHER_COURTS_CASE)
    ways = (
        f"依{note.article}作出说明" if note else "",
        f"依{regulation.name_of('refusal')}第（{in_hanzi(refusal[0])}）项释明" if refusal else "",
    )
    return "或者".join(filter(None, ways)) or "请移送有管辖权的法院"


def _case_numbers(context: GateContext) -> Iterator[tuple[str, str]]:
    case = context.case
    for index, enforcement in enumerate(case.enforcement_cases):
        if isinstance(enforcement.no, str):
            yield f"/enforcement_cases/{index}/no", enforcement.no
    for index, claim in enumerate(case.claims):
        if claim.procedure and claim.procedure.case_no:
            yield f"/claims/{index}/procedure/case_no", claim.procedure.case_no
    for index, procedure in enumerate(case.led_into):
        if procedure.case_no:
            yield f"/led_into/{index}/case_no", procedure.case_no
    if case.relief and case.relief.case_no:
        yield "/relief/case_no", case.relief.case_no
    for field in ("new_case_no", "bankruptcy_no"):
        number = getattr(case.declined, field, None)
        if number:
            yield f"/declined/{field}", number


def check_petitioner_numbers(context: GateContext) -> Iterator[Finding]:
    """The forms of the petitioners' identity numbers, credit codes and phones; no message repeats a number."""
    for index, petitioner in enumerate(context.case.petitioners):
        path = f"/petitioners/{index}"
        born = petitioner.birth_date.isoformat() if petitioner.birth_date else None
        if petitioner.id_number and petitioner.id_type == "resident":
            fault = id_number_fault(petitioner.id_number, born)
            if fault:
                yield _number_finding("DATA-ID-NUMBER", fault, f"{path}/id_number")
        if petitioner.credit_code:
            fault = credit_code_fault(petitioner.credit_code)
            if fault:
                yield _number_finding("DATA-CREDIT-CODE", fault, f"{path}/credit_code")
        if isinstance(petitioner.phone, str):
            fault = phone_fault(petitioner.phone)
            if fault:
                yield _number_finding("DATA-PHONE", fault, f"{path}/phone")


def _number_finding(rule: str, fault: str, path: str) -> Finding:
    return finding(rule, message=f"{fault}。", fix="请核对证件原件或者登记表，改正后再查。", path=path)


def check_unsafe_characters(values: Mapping[str, str]) -> Iterator[Finding]:
    """DATA-CHARACTER for the unsafe characters, such as control and bidi ones, in the values of case.json."""
    for path, text in values.items():
        bad = sorted(_unsafe_characters(text))
        if bad:
            named = "、".join(f"U+{ord(character):04X}" for character in bad[:8])
            yield finding(
                "DATA-CHARACTER",
                message=f"{describe_pointer(path)}里有不能印的字符：{named}。",
                fix="请删去这些字符，重新输入这一项。",
                path=path,
            )


def _unsafe_characters(text: str) -> set[str]:
    """The unsafe characters; an unassigned one, which a later Unicode may assign, is reported as a missing glyph instead."""
    return {
        character
        for character in unsafe_characters(text)
        if unicodedata.category(character) != "Cn" or _is_noncharacter(ord(character))
    }


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode will never assign a code; XML has no U+FFFE and U+FFFF."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 (the codes that Unicode sets apart)


def check_characters(context: GateContext) -> Iterator[Finding]:
    """DATA-CHARACTER and FONT-GLYPH for the values of case.json."""
    yield from check_unsafe_characters(context.values)
    for path, text in context.values.items():
        bad = _unsafe_characters(text)
        missing = [] if _FILE_NAME_FIELD.search(path) or bad else context.missing_glyphs(text)
        if missing:
            yield missing_glyphs_finding(describe_pointer(path), missing, path=path)


def check_grounds_exist(case: Case, regulation: Regulation) -> Iterator[Finding]:
    """JSON-SCHEMA for a number of a ground that case.json has only under a regulation with so many grounds."""
    grounds, declined = regulation.acceptance.grounds, case.declined
    for index, ground in enumerate(case.grounds):
        if ground > max(len(grounds), SHIPPED_GROUNDS):
            message, fix = f"受理事由只能填 1 至 {len(grounds)}。", "请对照本院规定的受理事由改正。"
            yield finding("JSON-SCHEMA", message=message, fix=fix, path=f"/grounds/{index}")
    if declined and declined.ground > SHIPPED_REFUSALS and not regulation.refusal_of(declined.ground):
        path, codes = "/declined/ground", "、".join(str(one.ground) for one in regulation.refusal.items)
        message = f"{describe_pointer(path)}填错，只能填 {codes}。"
        yield finding("JSON-SCHEMA", message=message, fix="请改正后再查。", path=path)


def check_conflicts(context: GateContext) -> Iterator[Finding]:
    """DATA-CONFLICT for facts of the case that contradict each other; JSON-SCHEMA for grounds that there are not."""
    case, regulation = context.case, context.regulation
    yield from check_grounds_exist(case, regulation)
    if case.declined and case.decision != "declined":
        yield _conflict("填写了不予受理的情况，但受理情况不是不予受理。", "/declined")
    if case.decision == "declined" and case.declined is None:
        codes = "、".join(str(one.ground) for one in regulation.refusal.items)
        message = f"受理情况是不予受理，但没有写明{regulation.name_of('refusal')}的哪一项。"
        yield _conflict(message, "/declined", fix=f"请填写是哪一项（{codes}）。")
    ground = case.declined.ground if case.declined else None
    if ground is not None and ground <= SHIPPED_REFUSALS and not regulation.refusal_of(ground):
        yield _conflict(f"{regulation.name_of('refusal')}没有所选的不予受理情形。", "/declined/ground")
    yield from _check_refusal_facts(context)
    if case.decision == "declined" and case.write_off is not None:
        yield _conflict("不予受理的案件不能申请核销。", "/write_off")
    for index, absent in enumerate(case.absent):
        paper, path = regulation.papers[absent.item], f"/absent/{index}"
        if not paper.may_be_absent:
            message = f"{paper.label}不能写成确无此件；{_absent_labels(regulation)}。"
            fix = "请从案件的“确无此件”里删去这一项；有这份材料的，放入文件。"
            yield _conflict(message, path, absent.item, fix=fix)
        elif context.materials_for(absent.item):
            fix = "文件就是这份材料的，请从案件的“确无此件”里删去这一项；放错的，请把文件移走。"
            yield _conflict(f"{paper.label}既写成确无此件，又有文件。", path, absent.item, fix=fix)


def _check_refusal_facts(context: GateContext) -> Iterator[Finding]:
    """DATA-REFUSAL: a refusal does not deny what the case says of the petitioners or of the court, and has no reply."""
    case = context.case
    replied = (case.reply and case.reply.replied_on) or context.materials_for(Item.REPLY_OPINION)
    if case.decision == "declined" and replied:
        yield finding(
            "DATA-REFUSAL",
            message="不予受理的案件又有答复意见书。",
            fix="请核对：没有受理的以释明告知书告知，删去答复意见书；已经受理并答复的，改正受理情况。",
            path="/decision",
        )
    ground = case.declined.ground if case.declined and case.decision == "declined" else None
    concerned = [index for index, one in enumerate(case.petitioners) if one.role in {"party", "interested"}]
    if ground == _WITHOUT_STANDING and concerned:
        yield finding(
            "DATA-REFUSAL",
            message="不予受理的理由是信访人不是当事人、利害关系人，信访人身份写的却是当事人或者利害关系人。",
            fix="请核对：身份写错的请改正；确实是的，不能以这一项不予受理。",
            path=f"/petitioners/{concerned[0]}/role",
        )
    for index, enforcement in enumerate(case.enforcement_cases if ground == _ANOTHER_COURTS_CASE else ()):
        code = court_code_of(enforcement.no) if isinstance(enforcement.no, str) else None
        if code in context.profile.court_code:
            yield finding(
                "DATA-REFUSAL",
                message=f"不予受理的理由是不是本院的执行案件，执行案号却是本院的（{code}）。",
                fix="请核对：案号写错的请改正；确实是本院案件的，不能以这一项不予受理。",
                path=f"/enforcement_cases/{index}/no",
            )


def _absent_labels(regulation: Regulation) -> str:
    """The papers that may be declared absent (确无此件), as a clause in Chinese."""
    labels = [paper.label.removeprefix("相关") for paper in regulation.papers.values() if paper.may_be_absent]
    return f"只有{'、'.join(labels)}可以" if labels else "本院规定没有可以这样写的材料"


def _conflict(message: str, path: str, item: Item | None = None, fix: str = "请核对后留下正确的一处。") -> Finding:
    return finding("DATA-CONFLICT", message=message, fix=fix, item=item, path=path)


def check_unlisted_files(context: GateContext) -> Iterator[Finding]:
    """FILE-UNLISTED for files in the folder that case.json does not name, with a guess at the item."""
    for name, guess in context.unlisted.items():
        hint = f"像是{context.regulation.papers[guess].label}" if guess else "看不出是哪一项"
        yield finding(
            "FILE-UNLISTED",
            message=f"文件夹里的“{name}”没有列入材料，{hint}。",
            fix="要装订的请列入材料；不要的请移出文件夹。",
            item=guess,
            path="/materials",
        )


RULES = (
    check_registration_number,
    check_case_numbers,
    check_petitioner_numbers,
    check_conflicts,
    check_unlisted_files,
)
