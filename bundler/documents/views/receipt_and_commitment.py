"""What a paper made for one petitioner may print: the receipt of a service, the commitment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import people as model
from bundler.case.field_types import ServiceMethod
from bundler.case.model import Case
from bundler.case.people import Parties
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.views.fields import copy_fields
from bundler.documents.views.people import build_petitioners_view
from bundler.regulation.papers import SERVICE_RECEIPTS, Item
from bundler.text import count_lines


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """One paper of a document: the item of the file that it stands for, and the petitioner for whom it is made."""

    item: Item
    petitioner: int = 0


def list_services_due(case: Case) -> tuple[Item, ...]:
    """The services that a case calls for: of each notice that bears a day."""
    return tuple(receipt for receipt in SERVICE_RECEIPTS if case.notice_date(receipt))


def list_named_petitioners(case: Case) -> tuple[int, ...]:
    """The places of those who can be served or can sign: a person without a name can do neither."""
    return tuple(place for place, one in enumerate(case.petitioners) if one.name)


Service = Literal["acceptance_service", "reply_service", "explanation_service"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The service that a receipt (送达回证) is of."""

    item: Annotated[Service, "送达的文书：受理告知、答复意见、释明告知"]
    method: Annotated[ServiceMethod | None, "送达方式：直接、留置、邮寄、电子、委托、转交"]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that a petitioner received."""

    on: Annotated[date, "收到日期"]
    name: Annotated[str, "款项名称"]
    amount: Annotated[str, "金额"]
    capitals: Annotated[str, "金额大写"]


def build_copy_values(case: Case, copy: DocumentCopy | None, court: str) -> dict[str, Any]:
    """The values of one petitioner's copy; without one, those of the first petitioner and the first service due."""
    place = copy.petitioner if copy else next(iter(list_named_petitioners(case)), 0)
    asked = case.petitioners[place] if place < len(case.petitioners) else None
    payments = _payments(case, asked)
    return {
        "receipt": _receipt(case, copy.item if copy else None),
        "addressee": build_petitioners_view(case)[place] if asked else None,
        "payments": payments,
        "commitment_long": _is_long(case, asked, payments, court),
    }


def _receipt(case: Case, item: Item | None) -> Receipt | None:
    service = item if item in SERVICE_RECEIPTS else next(iter(list_services_due(case)), None)
    if service is Item.ACCEPTANCE_SERVICE:
        return Receipt("acceptance_service", case.acceptance.service_method if case.acceptance else None)
    if service is Item.REPLY_SERVICE:
        return Receipt("reply_service", case.reply.service_method if case.reply else None)
    return Receipt("explanation_service", case.declined.service_method if case.declined else None) if service else None


def _payments(case: Case, asked: model.Petitioner | None) -> tuple[Payment, ...]:
    told = case.write_off.payments if case.write_off else ()
    return tuple(
        copy_fields(Payment, one, capitals=to_capital_amount(one.amount))
        for one in told
        if asked and one.to in {None, "", asked.name}
    )


_LINES, _CHARACTERS = 8, 27.3
"""The lines of 三号 that a commitment's page has for who signs, what about, and money received."""
_WORDS_OF_WHO = "承诺人：，男，0000年00月00日出生，，，住，公民身份号码，联系电话00000000000。"
_WORDS_OF_ORGANISATION = "，统一社会信用代码，法定代表人：，。"
_WORDS_OF_WHAT = (
    "本人就申请执行人与被执行人执行一案反映（登记号：），已约谈本人，并于0000年00月00日向本人送达"
    "《执行申诉信访事项答复意见书》。现本人自愿承诺如下："
)
_WORDS_OF_PAYMENT = "二、本人已于0000年00月00日收到元（大写：）。"


def _is_long(case: Case, asked: model.Petitioner | None, payments: tuple[Payment, ...], court: str) -> bool:
    """Whether the case's own words would push a commitment's signatures off its one page, so that 四号 is needed."""
    texts = [
        _words(_WORDS_OF_WHO, *_who(asked)),
        _words(_WORDS_OF_WHAT, court, case.registration.no, case.registration.brief, *_what(case)),
        *(_words(_WORDS_OF_PAYMENT, one.name, one.amount, one.capitals) for one in payments),
    ]
    return sum(count_lines("　　" + text, _CHARACTERS) for text in texts) > _LINES


def _words(*parts: str | None) -> str:
    return "".join(part or "" for part in parts)


def _who(asked: model.Petitioner | None) -> Iterator[str | None]:
    if asked is None:
        return
    yield from (asked.name, asked.occupation, asked.address, asked.id_number, asked.credit_code)
    if asked.representative:
        yield from (_WORDS_OF_ORGANISATION, asked.representative.name, asked.representative.title)
    if asked.principal:
        yield from ("。委托代理人：", asked.principal.name)


def _what(case: Case) -> Iterator[str | None]:
    """The words of the phrase that names the case."""
    cases = case.enforcement_cases
    yield from (one.no for one in cases[:3] if isinstance(one.no, str))
    for one in cases if len(cases) == 1 else ():
        yield one.cause
        if isinstance(one.parties, Parties):
            yield "、".join((*one.parties.applicants, *one.parties.respondents))
