"""The copies made for one petitioner, and what they print: the receipt of service (送达回证), the commitment (承诺书)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from bundler.documents.views.people import build_petitioners_view
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
        "commitment_long": _needs_small_type(case, petitioner, payments, court),
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
_PERSON_TEXT = "承诺人：，男，0000年00月00日出生，，，住，公民身份号码，联系电话00000000000。"
_ORGANISATION_TEXT = "，统一社会信用代码，法定代表人：，。"
_MATTER_TEXT = (
    "本人就申请执行人与被执行人执行一案反映（登记号：），已约谈本人，并于0000年00月00日向本人送达"
    "《执行申诉信访事项答复意见书》。现本人自愿承诺如下："
)
_PAYMENT_TEXT = "二、本人已于0000年00月00日收到元（大写：）。"


def _needs_small_type(
    case: Case, petitioner: model.Petitioner | None, payments: tuple[Payment, ...], court: str
) -> bool:
    """Whether the case's words would push the signatures off the commitment's only page, so that it needs 四号."""
    texts = [
        _join(_PERSON_TEXT, *_words_of_petitioner(petitioner)),
        _join(
            _MATTER_TEXT,
            court,
            case.registration.no,
            case.registration.brief,
            *_words_of_cases(list_own_cases(case, petitioner)),
        ),
        *(_join(_PAYMENT_TEXT, one.name, one.amount, one.capitals) for one in payments),
    ]
    return sum(count_lines("　　" + text, _EMS_PER_LINE) for text in texts) > _MOST_LINES


def _join(*parts: str | None) -> str:
    return "".join(part or "" for part in parts)


def _words_of_petitioner(petitioner: model.Petitioner | None) -> Iterator[str | None]:
    if petitioner is None:
        return
    yield from (
        petitioner.name,
        petitioner.occupation,
        petitioner.address,
        petitioner.id_number,
        petitioner.credit_code,
    )
    if petitioner.representative:
        yield from (_ORGANISATION_TEXT, petitioner.representative.name, petitioner.representative.title)
    if petitioner.principal:
        yield from ("。委托代理人：", petitioner.principal.name)


def _words_of_cases(cases: Sequence[EnforcementCase]) -> Iterator[str | None]:
    """The words that name the enforcement cases."""
    yield from (one.no for one in cases[:3] if isinstance(one.no, str))
    for one in cases if len(cases) == 1 else ():
        yield one.cause
        if isinstance(one.parties, Parties):
            yield "、".join((*one.parties.applicants, *one.parties.respondents))
