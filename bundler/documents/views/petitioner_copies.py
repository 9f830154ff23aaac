"""The copies made for one petitioner, and what they print: the receipt of service (送达回证), the commitment (承诺书)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, cast, get_args

from bundler.case import people_models as model
from bundler.case.field_types import ServiceMethod
from bundler.case.model import Case
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.document_subjects import (
    DocumentCopy,
    is_alone,
    list_named_petitioners,
    list_own_materials,
    list_services_due,
    split_names,
)
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import build_petitioners_view
from bundler.documents.views.record_fields import copy_fields
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


def build_copy_values(case: Case, copy: DocumentCopy | None, moment: DocumentDay) -> dict[str, Any]:
    """Build the values of one petitioner's copy by name; without a copy, of the first petitioner and the first service due."""
    petitioner = find_copied_petitioner(case, copy)
    index = _find_index(case, copy)
    return {
        "receipt": _build_receipt(case, copy.item if copy else None),
        "addressee": build_petitioners_view(case)[index] if petitioner else None,
        "own_service": _find_own_service(case, petitioner, moment),
        "payments": _build_payments(case, petitioner, moment),
        "own_brief": _find_own_brief(case, petitioner),
        "own_interview": _is_interviewed(case, petitioner, moment),
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
    """The service on one petitioner, by the receipts that are known to be of this petitioner."""
    own = list_own_materials(case, petitioner, Item.REPLY_SERVICE)
    served = {day for one in own if (day := moment.known(one.signed_on))}
    posted = {day for one in own if not one.signed_on and (day := moment.known(one.posted_on))}
    return OwnService(_only(served) if not posted else None, _only(posted) if not served else None)


def _only(days: set[date]) -> date | None:
    return next(iter(days)) if len(days) == 1 else None


def _is_interviewed(case: Case, petitioner: model.Petitioner | None, moment: DocumentDay) -> bool:
    """Whether it is known that one petitioner was interviewed: the only one was; of several, who is named."""
    interview = case.interview
    if petitioner is None or interview is None or not moment.known(interview.held_on):
        return False
    records = (Item.INTERVIEW, Item.CONVERSATION_RECORD)
    present = any(petitioner.name and petitioner.name in one for one in interview.present)
    return present or any(list_own_materials(case, petitioner, item) for item in records) or is_alone(case)


def _find_own_brief(case: Case, petitioner: model.Petitioner | None) -> str | None:
    """What one petitioner complained of, in a phrase: of several whose claims differ, the titles of this one's claims."""
    brief = case.registration.brief
    if petitioner is None or is_alone(case) or not any(one.by for one in case.claims):
        return brief
    own = [one for one in case.claims if not one.by or petitioner.name in split_names(one.by)]
    if len(own) == len(case.claims):
        return brief
    titles = [one.title.removesuffix("的问题").removesuffix("问题") for one in own if one.title]
    return f"{'、'.join(titles)}问题" if titles and len(titles) == len(own) else None


def _build_payments(case: Case, petitioner: model.Petitioner | None, moment: DocumentDay) -> tuple[Payment, ...]:
    payments = case.write_off.payments if case.write_off else ()
    return tuple(
        copy_fields(Payment, one, capitals=to_capital_amount(one.amount))
        for one in payments
        if petitioner and one.to in {None, "", petitioner.name} and not moment.is_later(one.on)
    )
