"""The service of the reply in a case's view: when, on whom, and what the receipts do not tell (答复意见书的送达)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bundler.case.field_types import ServiceMethod
from bundler.case.model import Case, Material
from bundler.documents.document_subjects import list_principals, map_own_materials
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class ReplyService:
    """The service of the reply; posting is no service."""

    served_on: Annotated[date | None, "答复送达日期（签收日）；几份的为最后一份"]
    posted_on: Annotated[date | None, "答复交寄日期；尚未签收的"]
    served_days: Annotated[tuple[date, ...], "各份答复送达的日期，先后为序，相同的一次"]
    served_to_all: Annotated[bool, "已送达每一名信访人"]
    served_names: Annotated[tuple[str, ...], "已送达的信访人；送达全部的，或者有送达凭证没有写明受送达人的，没有"]
    receipts: Annotated[int, "已签收的送达凭证份数"]
    rest_posted: Annotated[bool, "没有送达的信访人都已交寄"]
    method: Annotated[ServiceMethod | None, "送达方式：直接、留置、邮寄、电子、委托、转交"]


def build_reply_service(case: Case, moment: DocumentDay) -> ReplyService:
    """Build the service by then.

    A receipt that names no petitioner is one petitioner's. So one of three petitioners was served where one such receipt is
    signed, and papers do not say that all were.
    """
    papers = case.materials_for(Item.REPLY_SERVICE)
    served = [one for one in papers if moment.known(one.signed_on)]
    posted = [one for one in papers if not moment.known(one.signed_on) and moment.known(one.posted_on)]
    people = len(list_principals(case))
    names, unnamed = _find_served(case, served)
    to_all = bool(served) and len(names) + unnamed >= people
    waiting, others = _find_served(case, posted)
    return ReplyService(
        served_on=max((day for one in served if (day := one.signed_on)), default=None),
        posted_on=min((day for one in posted if (day := one.posted_on)), default=None),
        served_days=tuple(sorted({day for one in served if (day := one.signed_on)})),
        served_to_all=to_all,
        served_names=() if to_all or unnamed else names,
        receipts=len(served),
        rest_posted=bool(posted) and len({*names, *waiting}) + unnamed + others >= people,
        method=case.reply.service_method if case.reply else None,
    )


def _find_served(case: Case, papers: Sequence[Material]) -> tuple[tuple[str, ...], int]:
    """The petitioners whom the papers name, in the order of the case; and how many papers name none of them."""
    given = {id(one) for one in papers}
    own = map_own_materials(case, Item.REPLY_SERVICE)
    petitioners = (case.petitioners[index].name for index in list_principals(case))
    named = {name: given & set(map(id, own.get(name, ()))) for name in petitioners if name}
    return tuple(name for name, found in named.items() if found), len(given.difference(*named.values()))
