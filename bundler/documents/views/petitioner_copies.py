"""The copies made for one petitioner, and what they print: the receipt of service (送达回证), the commitment (承诺书)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, cast, get_args

from bundler.case import people_models as model
from bundler.case.case_step_models import EnforcementCase
from bundler.case.field_types import ServiceMethod
from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.document_subjects import DocumentCopy, list_named_petitioners, list_services_due
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import build_petitioners_view, known_text
from bundler.documents.views.petitioner_standing import list_own_cases
from bundler.documents.views.record_fields import copy_fields
from bundler.printable_text import count_lines
from bundler.regulation.papers import SERVICE_RECEIPTS, Item, notice_of

Service = Literal["acceptance_service", "reply_service", "explanation_service"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The service that a receipt (送达回证) proves."""

    item: Annotated[Service, "送达的文书：受理告知、答复意见、释明告知"]
    method: Annotated[ServiceMethod | None, "送达方式：直接、留置、邮寄、电子、委托、转交"]


@dataclass(frozen=True, slots=True)
class OwnService:
    """The service of the reply on one petitioner; both None where the case does not tell this petitioner's own."""

    served_on: Annotated[date | None, "送达日期（签收日）"]
    posted_on: Annotated[date | None, "交寄日期；尚未签收的"]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that a petitioner received."""

    on: Annotated[date, "收到日期"]
    name: Annotated[str, "款项名称"]
    amount: Annotated[str, "金额"]
    capitals: Annotated[str, "金额大写"]


def build_copy_values(case: Case, copy: DocumentCopy | None, court: str, moment: DocumentDay) -> dict[str, Any]:
    """Build the values of one petitioner's copy by name; without a copy, of the first petitioner and the first service due."""
    petitioner = find_copied_petitioner(case, copy)
    index = _find_index(case, copy)
    payments = _build_payments(case, petitioner, moment)
    return {
        "receipt": _build_receipt(case, copy.item if copy else None),
        "addressee": build_petitioners_view(case)[index] if petitioner else None,
        "own_service": _find_own_service(case, petitioner, moment),
        "payments": payments,
        "commitment_long": _needs_small_type(case, petitioner, payments, court, moment),
    }


def _build_receipt(case: Case, item: Item | None) -> Receipt | None:
    """The service that a receipt proves, with the method of its notice; None where the case has none due.

    Raises:
        ValueError: the template names no notice for this receipt.
    """
    receipt = item if item in SERVICE_RECEIPTS else next(iter(list_services_due(case)), None)
    if receipt is None:
        return None
    if receipt.value not in get_args(Service):
        raise ValueError(f"no notice is known to the template for the receipt {receipt.value}")
    keys = notice_of(receipt).date_keys
    part = getattr(case, keys[0]) if keys else None
    return Receipt(cast("Service", receipt.value), part.service_method if part else None)


def find_copied_petitioner(case: Case, copy: DocumentCopy | None) -> model.Petitioner | None:
    """The petitioner for whom a copy is made; the first without a copy."""
    index = _find_index(case, copy)
    return case.petitioners[index] if index < len(case.petitioners) else None


def _find_index(case: Case, copy: DocumentCopy | None) -> int:
    return copy.petitioner if copy else next(iter(list_named_petitioners(case)), 0)


def _find_own_service(case: Case, petitioner: model.Petitioner | None, moment: DocumentDay) -> OwnService:
    """The service on one petitioner: by the receipt whose title has the name, else the only date that there is."""
    papers = case.materials_for(Item.REPLY_SERVICE)
    own = [one for one in papers if petitioner and petitioner.name and petitioner.name in (one.title or "")] or papers
    served = {day for one in own if (day := moment.known(one.signed_on))}
    posted = {day for one in own if not one.signed_on and (day := moment.known(one.posted_on))}
    return OwnService(_only(served) if not posted else None, _only(posted) if not served else None)


def _only(days: set[date]) -> date | None:
    return next(iter(days)) if len(days) == 1 else None


def _build_payments(case: Case, petitioner: model.Petitioner | None, moment: DocumentDay) -> tuple[Payment, ...]:
    payments = case.write_off.payments if case.write_off else ()
    return tuple(
        copy_fields(Payment, one, capitals=to_capital_amount(one.amount))
        for one in payments
        if petitioner and one.to in {None, "", petitioner.name} and not moment.is_later(one.on)
    )


_MOST_LINES, _EMS_PER_LINE = 8, 27.3
"""The lines of 三号 on a commitment's page for signer, matter and payments; and the characters in a line."""
_ME = {"company": "本公司", "organization": "本单位", "person": "本人"}
_DAY = "0000年00月00日"
_MANY_CASES = 3


def _needs_small_type(
    case: Case,
    petitioner: model.Petitioner | None,
    payments: tuple[Payment, ...],
    court: str,
    moment: DocumentDay,
) -> bool:
    """Whether the case's words would push the signatures off the commitment's only page, so that it needs 四号."""
    if petitioner is None:
        return False
    texts = [_tell_person(petitioner), _tell_matter(case, petitioner, court, moment)]
    if payments:
        texts.append(f"二、{_ME[petitioner.kind]}{'；'.join(map(_tell_payment, payments))}。")
    return sum(count_lines("　　" + text, _EMS_PER_LINE) for text in texts) > _MOST_LINES


def _tell_person(one: model.Petitioner) -> str:
    """The commitment's sentence on who signs."""
    person = one.kind == "person"
    parts = (
        one.name,
        one.sex,
        one.birth_date and f"{_DAY}出生",
        one.ethnicity,
        one.occupation,
        one.address and f"住{'' if person else '所地'}{one.address}",
        one.id_number and f"{'公民身份号码' if one.id_type == 'resident' else '证件号码'}{one.id_number}",
        one.credit_code and f"统一社会信用代码{one.credit_code}",
        (phone := known_text(one.phone)) and f"联系电话{phone}",
    )
    principal = f"{one.principal.name}。委托代理人：" if one.principal and one.principal.name else ""
    return f"承诺人：{principal}{_join('，', parts)}。{_tell_representative(one)}"


def _tell_representative(one: model.Petitioner) -> str:
    officer = one.representative
    if officer is None or not officer.name:
        return ""
    office = "法定代表人" if one.kind == "company" else "负责人"
    return f"{office}：{_join('，', (officer.name, officer.title))}。"


def _tell_matter(case: Case, petitioner: model.Petitioner, court: str, moment: DocumentDay) -> str:
    """The commitment's sentence on the matter, the interview and the service of the reply."""
    me = _ME[petitioner.kind]
    interviewed = moment.known(case.interview.held_on) if case.interview else None
    return (
        f"{me}就{_name_cases(list_own_cases(case, petitioner))}反映{case.registration.brief or '有关问题'}"
        f"（登记号：{case.registration.no}），{court}{f'已约谈{me}，并' if interviewed else ''}于{_DAY}向{me}送达"
        f"《执行申诉信访事项答复意见书》。现{me}自愿承诺如下："
    )


def _name_cases(cases: Sequence[EnforcementCase]) -> str:
    """The words that name the enforcement cases."""
    numbers = [one.no for one in cases if isinstance(one.no, str)]
    if len(cases) > _MANY_CASES:
        return f"{_join('', numbers[:1])}等{len(cases)}件执行案件"
    if len(cases) != 1:
        return f"{'、'.join(numbers)}执行案件" if cases else ""
    (one,) = cases
    parties = one.parties if isinstance(one.parties, Parties) else Parties()
    sides = (
        parties.applicants and f"申请执行人{'、'.join(parties.applicants)}",
        parties.respondents and f"被执行人{'、'.join(parties.respondents)}",
    )
    matter = f"{one.cause or ''}执行一案" if numbers else "执行案件"
    return f"{_join('', numbers)}{_join('与', sides)}{matter}"


def _tell_payment(one: Payment) -> str:
    return f"已于{_DAY}收到{one.name}{one.amount}元（大写：{one.capitals}）"


def _join(separator: str, parts: Iterable[object]) -> str:
    return separator.join(str(part) for part in parts if part)
