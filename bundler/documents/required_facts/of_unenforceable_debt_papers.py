"""What the papers of Art. 6, 11 and 16 require: measures exhausted, referral for relief, record of a follow-up."""

from __future__ import annotations

from bundler.case.model import Case
from bundler.case.unenforceable_debt_models import Relief
from bundler.documents.required_facts.shared_checks import (
    MissingField,
    MissingFields,
    require,
    require_handler,
    require_petitioners,
    require_registration_no,
)
from bundler.documents.unenforceable_debt_facts import find_relief_applicant, is_settled_measure, select_follow_up


def measures_exhausted(case: Case) -> MissingFields:
    """已穷尽执行措施情况表: every measure that the case names has its day and result, or the reason why it was not taken."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from _require_case_numbers(case)
    yield from require_handler(case)
    yield from require(case.enforcement_measures, "/enforcement_measures", "已采取的执行措施")
    for index, one in enumerate(case.enforcement_measures):
        if not is_settled_measure(one):
            path = f"/enforcement_measures/{index}"
            yield from require(one.on, f"{path}/on", f"“{one.name}”的日期")
            yield from require(one.result, f"{path}/result", f"“{one.name}”的结果")


def relief_referral(case: Case) -> MissingFields:
    """司法救助报请表: hardship and no property are found, and the facts of both are told."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from _require_case_numbers(case)
    yield from require_handler(case)
    relief = case.relief or Relief()
    yield from require(relief.hardship or None, "/relief/hardship", "申请执行人特别困难的认定")
    yield from require(relief.no_property or None, "/relief/no_property", "被执行人无财产可供执行的认定")
    found = find_relief_applicant(case)
    yield from require(found, "/relief/applicant", "救助申请人（信访人中的自然人申请执行人）")
    yield from require(relief.unenforced, "/relief/unenforced", "未执行到位金额")
    yield from require(relief.found, "/relief/found", "执行和财产调查情况")
    yield from require(relief.difficulty, "/relief/difficulty", "生活困难情况")
    yield from require(relief.asked, "/relief/asked", "申请救助金额")


def follow_up_record(case: Case) -> MissingFields:
    """回访记录, for the next planned follow-up, else the last one."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    if select_follow_up(case) is None:
        yield MissingField("/follow_ups", "回访的日期（计划的或者已经进行的）")
    yield from require_handler(case)


def _require_case_numbers(case: Case) -> MissingFields:
    known = tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str) and one.no)
    yield from require(known, "/enforcement_cases/0/no", "执行案号")
