"""The write-off (核销) in a case's view: request, measures, resolution, service of the reply, enclosures (Art. 14)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import case_step_models as model
from bundler.case.model import Case
from bundler.documents.document_subjects import list_principals
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.recorded_steps import Step
from bundler.documents.views.reply_service import build_reply_service
from bundler.documents.views.rewording_for_outside_readers import in_third_person
from bundler.documents.views.work_done import list_unrecorded_work, match_results
from bundler.printable_text import format_day
from bundler.profile import Profile
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The request for write-off; empty where the case makes none."""

    requested_on: Annotated[date | None, "申请日期"] = None
    effect: Annotated[str | None, "工作效果，本院称“我院”；没有填写的，为司法救助、答复送达和承诺的日期"] = None
    status: Annotated[str | None, "目前状态，本院称“我院”"] = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its date, taken after the petition was received (Art. 14)."""

    on: Annotated[date, "日期"]
    action: Annotated[str, "采取的措施；以“信访人”代“你”，本院称“我院”"]
    by: Annotated[str | None, "经办人"]
    proof: Annotated[str | None, "佐证材料"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """One checkbox of 化解情况."""

    label: Annotated[str, "选项名称"]
    chosen: Annotated[bool, "选中"]


WriteOffGroup = Literal["legal_document", "conversation_record", "measures", "commitment", "other"]


@dataclass(frozen=True, slots=True)
class EnclosedMaterial:
    """A material that the regulation asks for in a write-off."""

    kind: Annotated[
        WriteOffGroup,
        "哪一件：法律文书、谈话笔录、措施、承诺书；规定要求的其他材料是 other",
    ]
    label: Annotated[str, "规定里的名称"]
    count: Annotated[int, "件数"]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The number of enclosed papers of each kind."""

    legal: Annotated[int, "相关法律文书件数"]
    conversation: Annotated[int, "谈话笔录件数"]
    measures: Annotated[int, "措施说明及佐证件数"]
    commitment: Annotated[int, "承诺书件数"]
    listed: Annotated[tuple[EnclosedMaterial, ...], "规定要求的核销材料，依规定的次序", AT_LEAST_ONE]
    other: Annotated[int, "其他件数"]


def build_write_off_values(case: Case, profile: Profile, moment: DocumentDay) -> dict[str, Any]:
    """Build the values of the write-off by name; empty where the case requests none."""
    request = case.write_off
    signed = [day for one in case.materials_for(Item.COMMITMENT) if (day := moment.known(one.signed_on))]
    measures, main_measures = _build_measures(case, moment)
    return {
        "write_off": _build_request(case, request, moment, signed) if request else WriteOff(),
        "measures": measures,
        "main_measures": main_measures,
        "resolutions": tuple(
            Resolution(label, bool(request and name in request.resolution))
            for name, label in profile.resolution.model_dump().items()
        ),
        "service": build_reply_service(case, moment),
        "commitment_on": max(signed, default=None),
        "signed_commitments": len(signed),
        "enclosed": _count_enclosures(case, profile.regulation),
    }


def _build_request(case: Case, request: model.WriteOff, moment: DocumentDay, signed: Sequence[date]) -> WriteOff:
    effect = in_third_person(request.effect, us="我院") or _tell_effect(case, moment, signed)
    return WriteOff(request.requested_on, effect, in_third_person(request.status, us="我院"))


def _tell_effect(case: Case, moment: DocumentDay, signed: Sequence[date]) -> str | None:
    """The relief, the service of the reply and the commitments by then, as far as it is known on whom and of whom."""
    service, relief = build_reply_service(case, moment), case.relief
    paid = moment.known(relief.paid_on) if relief else None
    told = []
    if relief and paid and relief.amount:
        told.append(f"救助金{relief.amount}元已于{format_day(paid)}发放")
    if service.served_to_all or service.served_names:
        days = "、".join(map(format_day, service.served_days))
        apart = "分别" if len(service.served_days) > 1 else ""
        told.append(f"答复意见书已{apart}于{days}送达{'、'.join(service.served_names) or '信访人'}")
    elif service.posted_on and service.rest_posted and not service.served_on:
        told.append(f"答复意见书已于{format_day(service.posted_on)}交寄")
    if signed and len(signed) >= len(list_principals(case)):
        told.append(f"信访人于{format_day(max(signed))}签署息诉罢访承诺书")
    return f"{'，'.join(told)}。" if told else None


def _build_measures(case: Case, moment: DocumentDay) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """The measures taken by then and the main ones of them, by date; none where the case lists none.

    A measure that tells no result has that of the measures of enforcement of its day. What no measure tells of is added:
    meetings, judicial relief, and measures of enforcement, of which only those against property are main ones.
    """
    matched, untold = match_results(case, moment)
    if not matched:
        return (), ()
    main: list[Measure] = []
    for one, found in matched:
        text = in_third_person(found.work.text if found else one.action, us="我院")
        if one.on and text:
            main.append(Measure(one.on, text, one.by or None, one.proof or (found and found.proof) or None))
    main = list({(one.on, one.action): one for one in main}.values())
    main += [
        Measure(work.on, in_third_person(work.text, us="我院") or "", step.by, _find_record(case, step))
        for step, work in list_unrecorded_work(case, moment)
    ]
    others: list[Measure] = []
    for result in untold:
        text = in_third_person(result.work.text, us="我院") or ""
        (main if result.is_against_property else others).append(Measure(result.work.on, text, None, result.proof))
    return _by_date([*main, *others]), _by_date(main)


def _by_date(measures: list[Measure]) -> tuple[Measure, ...]:
    return tuple(sorted(measures, key=lambda one: one.on))


def _find_record(case: Case, step: Step) -> str | None:
    """The title of the one record of a step that the file holds with its day."""
    records = case.materials_for(step.item) if step.item else ()
    titles = {one.title for one in records if step.on in {one.signed_on, one.date}}
    return titles.pop() if len(titles) == 1 else None


def group_write_off_materials(case: Case) -> dict[int, WriteOffGroup]:
    """The group in which a write-off lists each material, by its index; each counts once, in the first group that it fits.

    The request counts them and the bundle's list names them, so both have one count. A proof of a measure is listed with the
    measures where it is a material of the case: the file that the measure gives, and each paper that it names by its title.
    """
    proofs = {measure.proof_file for measure in case.measures} - {None, ""}
    named = _find_named_proofs(case)
    found: dict[int, WriteOffGroup] = {}
    for index, material in enumerate(case.materials):
        for item, group in _GROUPS:
            if item in material.items:
                found[index] = group
                break
        else:
            if material.file in proofs or index in named:
                found[index] = "measures"
            elif Item.OTHER in material.items:
                found[index] = "other"
    return found


_SEPARATORS = re.compile("[、，；,;]")


def _find_named_proofs(case: Case) -> set[int]:
    """The materials that a measure names as its proofs, such as 查询结果证明、协助查询回执: a measure gives one file alone.

    A name is a material's title, or what stands in it before a bracket. A name that fits several materials tells none.
    """
    names = {
        name.strip() for measure in case.measures if measure.proof for name in _SEPARATORS.split(measure.proof)
    } - {""}
    fitting = ([index for index, one in enumerate(case.materials) if _is_titled(one.title, name)] for name in names)
    return {found[0] for found in fitting if len(found) == 1}


def _is_titled(title: str | None, name: str) -> bool:
    return bool(title) and (title == name or (title or "").startswith(f"{name}（"))


_GROUPS: tuple[tuple[Item, WriteOffGroup], ...] = (
    (Item.LEGAL_DOCUMENT, "legal_document"),
    (Item.CONVERSATION_RECORD, "conversation_record"),
    (Item.MEASURES, "measures"),
    (Item.COMMITMENT, "commitment"),
)


def _count_enclosures(case: Case, regulation: Regulation) -> Enclosed:
    """Count the enclosures; a statement of measures that is not filed yet is drafted, and counts."""
    groups = Counter(group_write_off_materials(case).values())
    groups["measures"] += 0 if case.materials_for(Item.MEASURES) else 1
    kinds = dict(_GROUPS)
    return Enclosed(
        legal=groups["legal_document"],
        conversation=groups["conversation_record"],
        measures=groups["measures"],
        commitment=groups["commitment"],
        listed=tuple(
            EnclosedMaterial(kinds[one.item], one.label, groups[kinds[one.item]])
            if one.item in kinds
            else EnclosedMaterial("other", one.label, len(case.materials_for(one.item)))
            for one in regulation.write_off_materials
        ),
        other=groups["other"],
    )
