"""The write-off (核销) in a case's view: request, measures, resolution, service of the reply, enclosures (Art. 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from bundler.case.field_types import ServiceMethod
from bundler.case.model import Case
from bundler.documents.views.fields import copy_fields
from bundler.profile import Profile
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The request for write-off; empty where the case makes none."""

    requested_on: Annotated[date | None, "申请日期"] = None
    effect: Annotated[str | None, "工作效果"] = None
    status: Annotated[str | None, "目前状态"] = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its date, taken after the petition was received (Art. 14)."""

    on: Annotated[date, "日期"]
    action: Annotated[str, "采取的措施"]
    by: Annotated[str | None, "经办人"]
    proof: Annotated[str | None, "佐证材料"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """One checkbox of 化解情况."""

    label: Annotated[str, "选项名称"]
    chosen: Annotated[bool, "选中"]


@dataclass(frozen=True, slots=True)
class ReplyService:
    """The service of the reply."""

    reply_on: Annotated[date | None, "答复送达（交寄）日期"]
    served_on: Annotated[date | None, "答复送达日期"]
    posted_on: Annotated[date | None, "答复交寄日期"]
    method: Annotated[ServiceMethod | None, "送达方式：直接、留置、邮寄、电子、委托、转交"]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The number of enclosed papers of each kind."""

    legal: Annotated[int, "相关法律文书件数"]
    conversation: Annotated[int, "谈话笔录件数"]
    measures: Annotated[int, "措施说明及佐证件数"]
    commitment: Annotated[int, "承诺书件数"]
    other: Annotated[int, "其他件数"]


def build_write_off_values(case: Case, profile: Profile) -> dict[str, Any]:
    """Build the values of the write-off by name; empty where the case requests none."""
    request = case.write_off
    signed = [material.signed_on for material in case.materials_for(Item.COMMITMENT) if material.signed_on]
    return {
        "write_off": copy_fields(WriteOff, request) if request else WriteOff(),
        "measures": _build_measures(case),
        "resolutions": tuple(
            Resolution(label, bool(request and name in request.resolution))
            for name, label in profile.resolution.model_dump().items()
        ),
        "service": ReplyService(
            find_reply_day(case), *find_reply_days(case), case.reply.service_method if case.reply else None
        ),
        "commitment_on": max(signed, default=None),
        "enclosed": _count_enclosures(case),
    }


def find_reply_day(case: Case) -> date | None:
    """The date on which the reply was served or posted, whichever is earlier (Art. 13); None where it was neither."""
    return min((day for day in find_reply_days(case) if day), default=None)


def find_reply_days(case: Case) -> tuple[date | None, date | None]:
    """The earliest dates on which the reply was served, and posted."""
    papers = case.materials_for(Item.REPLY_SERVICE)
    served = [material.signed_on for material in papers if material.signed_on]
    posted = [material.posted_on for material in papers if material.posted_on]
    return min(served, default=None), min(posted, default=None)


def _build_measures(case: Case) -> tuple[Measure, ...]:
    """The measures with a date, the earliest first."""
    dated = [
        Measure(one.on, one.action, one.by, one.proof) for one in case.measures if one.on is not None and one.action
    ]
    return tuple(sorted(dated, key=lambda one: one.on))


def _count_enclosures(case: Case) -> Enclosed:
    """Count the enclosures; a proof of several measures counts once."""
    proofs = {measure.proof_file or measure.proof for measure in case.measures} - {None, ""}
    statements = max(len(case.materials_for(Item.MEASURES)), 1)
    return Enclosed(
        legal=len(case.materials_for(Item.LEGAL_DOCUMENT)),
        conversation=len(case.materials_for(Item.CONVERSATION_RECORD)),
        measures=statements + len(proofs),
        commitment=len(case.materials_for(Item.COMMITMENT)),
        other=len(case.materials_for(Item.OTHER)),
    )
