"""The facts that each ground of refusal needs (Art. 15), as its notice prints them."""

from __future__ import annotations

from collections.abc import Callable

from bundler.case.declined import Declined
from bundler.case.model import Case
from bundler.documents.requirements.common import MissingField, MissingFields, need


def require_ground_facts(case: Case, declined: Declined) -> MissingFields:
    """The facts of the declined matter's own ground (Art. 15), as its notice prints them."""
    yield from _GROUNDS[declined.ground](case, declined)


def _ground_1(case: Case, declined: Declined) -> MissingFields:
    del case
    attempts = declined.contact_attempts
    if not attempts and declined.talked_on is None:
        yield MissingField("/declined/contact_attempts", "注明日期的联系记录，或者沟通日期")
    for index, attempt in enumerate(attempts):
        yield from need(attempt.on, f"/declined/contact_attempts/{index}/on", "联系日期")
        yield from need(attempt.means, f"/declined/contact_attempts/{index}/means", "联系方式")


def _transferred(declined: Declined) -> MissingFields:
    to = declined.transferred_to
    yield from need(to and to.department, "/declined/transferred_to/department", "移送的部门")
    yield from need(to and to.on, "/declined/transferred_to/on", "移送日期")


def _ground_2(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from need(declined.conduct_subject, "/declined/conduct_subject", "所涉方面（工作作风、廉洁纪律）")
    yield from _transferred(declined)


def _case_number(case: Case) -> MissingFields:
    known = case.enforcement_cases and isinstance(case.enforcement_cases[0].no, str)
    yield from need(known or None, "/enforcement_cases/0/no", "所反映的执行案号")


def _ground_3(case: Case, declined: Declined) -> MissingFields:
    yield from _case_number(case)
    yield from need(declined.standing_checked, "/declined/standing_checked", "核对身份的方式")


def _ground_4(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from _transferred(declined)
    yield from need(declined.other_procedure, "/declined/other_procedure", "应适用的法定程序")
    wanted = {
        "trial": (("judgment_no", "有异议的裁判文书文号"),),
        "bankruptcy": (
            ("bankrupt", "破产的被执行人"),
            ("bankruptcy_court", "破产受理法院"),
            ("bankruptcy_no", "破产案号"),
            ("administrator", "管理人"),
        ),
        "other": (("procedure_name", "程序名称"),),
    }
    for field, label in wanted.get(declined.other_procedure or "", ()):
        yield from need(getattr(declined, field), f"/declined/{field}", label)


def _ground_5(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from need(declined.matter, "/declined/matter", "反映的事项")
    yield from need(declined.competent_body, "/declined/competent_body", "有权机关")


def _ground_6(case: Case, declined: Declined) -> MissingFields:
    del declined
    yield from _case_number(case)


def _ground_7(case: Case, declined: Declined) -> MissingFields:
    yield from _case_number(case)
    yield from need(declined.enforcing_court, "/declined/enforcing_court", "现执行法院")
    yield from need(declined.superior_court, "/declined/superior_court", "提级或者指定的上级法院")
    yield from need(declined.instrument, "/declined/instrument", "文书名称及文号")


_GROUNDS: dict[int, Callable[[Case, Declined], MissingFields]] = {
    1: _ground_1,
    2: _ground_2,
    3: _ground_3,
    4: _ground_4,
    5: _ground_5,
    6: _ground_6,
    7: _ground_7,
}
