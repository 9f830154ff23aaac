"""The write-off (核销) in a case's view: request, measures, resolution, service of the reply, enclosures (Art. 14)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import case_closing_models
from bundler.case.case_step_models import Claim
from bundler.case.model import Case
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.recorded_steps import Step
from bundler.documents.views.reply_service import ReplyService, build_reply_service
from bundler.documents.views.rewording_for_outside_readers import in_third_person, name_procedure
from bundler.documents.views.work_done import (
    EnforcementResult,
    WorkDone,
    join_days,
    list_results,
    list_unrecorded_work,
    match_results,
)
from bundler.documents.views.work_effect import tell_effect, tell_unfinished
from bundler.profile import Profile
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The request for write-off; empty where the case makes none."""

    requested_on: Annotated[date | None, "申请日期"] = None
    effect: Annotated[
        str | None, "工作效果，本院称“我院”；没有填写的，为各项请求的结果、司法救助、答复送达和承诺的日期"
    ] = None
    status: Annotated[str | None, "目前状态，本院称“我院”；没有填写的，为支持的请求尚未办完的措施"] = None


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


_MAIN_DAYS = 6
"""Days of which the request for write-off tells all measures."""

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
    service = build_reply_service(case, moment)
    measures, main_measures = _build_measures(case, moment)
    return {
        "write_off": _build_request(case, request, moment, service, signed) if request else WriteOff(),
        "measures": measures,
        "main_measures": main_measures,
        "resolutions": tuple(
            Resolution(label, bool(request and name in request.resolution))
            for name, label in profile.resolution.model_dump().items()
        ),
        "service": service,
        "commitment_on": max(signed, default=None),
        "signed_commitments": len(signed),
        "enclosed": _count_enclosures(case, profile.regulation),
    }


def _build_request(
    case: Case,
    request: case_closing_models.WriteOff,
    moment: DocumentDay,
    service: ReplyService,
    signed: Sequence[date],
) -> WriteOff:
    effect = in_third_person(request.effect, us="我院") or tell_effect(case, moment, service, signed)
    status = in_third_person(request.status, us="我院") or tell_unfinished(case, moment)
    return WriteOff(request.requested_on, effect, status)


def _build_measures(case: Case, moment: DocumentDay) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """The measures taken by then and the main ones of them, by date; none where the case lists none.

    A measure that tells no result has that of the measures of enforcement of its day. What no measure tells of is added:
    meetings, judicial relief, and measures of enforcement. All of them are main ones where their days are no more than a
    request has room for; else of the measures of enforcement only those against property.
    """
    results = list_results(case, moment)
    matched, untold = match_results(case, moment, results)
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
    chosen = [*main, *others]
    if len({one.on for one in chosen}) > _MAIN_DAYS:
        chosen = main
    others += _list_results_of_claims(case, moment, results)
    joined = join_days(WorkDone(one.on, one.action) for one in chosen)
    return _by_date([*main, *others]), tuple(Measure(one.on, one.text, None, None) for one in joined)


def _list_results_of_claims(case: Case, moment: DocumentDay, results: Sequence[EnforcementResult]) -> list[Measure]:
    """What the answers to the claims brought about by then: measures done, procedures begun or told of.

    A measure of that day tells of it already: any tells of a measure done, and one that has its words tells of a procedure. The
    request for write-off tells the results of the claims in their own place.
    """
    received = case.registration.received_on
    listed = [
        *((one.on, one.action or "") for one in case.measures),
        *((one.work.on, one.work.text) for one in results),
    ]
    found: dict[tuple[date, str], None] = {}
    for on, text, words in _find_results_of_claims(case.claims):
        told = [action for day, action in listed if day == on]
        is_told = any(not words or any(word in action for word in words) for action in told)
        if on and moment.known(on) and (received is None or on >= received) and not is_told:
            found[on, in_third_person(text, us="我院") or ""] = None
    return [Measure(on, text, None, None) for on, text in found]


def _find_results_of_claims(claims: Sequence[Claim]) -> Iterator[tuple[date | None, str, tuple[str, ...]]]:
    """The day of each result, how a sentence tells of it, and the words by which another text does; none where any text does."""
    for claim in claims:
        for one in claim.measures:
            if one.done and one.text:
                yield one.on, one.text, ()
        procedure = claim.procedure
        name = name_procedure(procedure.name) if procedure else ""
        if procedure and procedure.case_no:
            words = (procedure.case_no, name)
            whose = f"将{claim.by}的请求" if claim.by else ""
            yield procedure.filed_on, f"{whose}依法导入{name}程序，案号为{procedure.case_no}", words
        elif procedure and procedure.told_to:
            yield procedure.told_on, f"告知{claim.by or '信访人'}可以{procedure.told_to}", (procedure.told_to, name)


def _by_date(measures: list[Measure]) -> tuple[Measure, ...]:
    return tuple(sorted(measures, key=lambda one: one.on))


_RECORDS = {
    Item.INTERVIEW: "约谈（谈话）笔录",
    Item.INVESTIGATION: "调查笔录",
    Item.HEARING_RECORD: "听证笔录",
}


def _find_record(case: Case, step: Step) -> str | None:
    """The title of the one record of a step that the file holds, or else what such a record is called.

    It has the step's day; or it has no day, and neither is there another record nor another step that it may be of.
    """
    if step.item is None:
        return None
    records = case.materials_for(step.item)
    found = [one for one in records if step.on in {one.signed_on, one.date}]
    if not found and len(records) == 1 and not (records[0].signed_on or records[0].date):
        found = [*records] if _is_only_one(case, step.item) else []
    coordinated = case.coordination and case.coordination.started_at
    is_clear = step.item is not Item.INTERVIEW or not (coordinated and coordinated.date() == step.on)
    titles = {one.title or (_RECORDS.get(step.item) if is_clear else None) for one in found}
    return titles.pop() if len(titles) == 1 else None


def _is_only_one(case: Case, item: Item) -> bool:
    """Whether the case has one step of this kind; a record of a coordination is the same paper as one of an interview."""
    if item is Item.INVESTIGATION:
        return len(case.investigations) == 1
    return item is Item.HEARING_RECORD or case.coordination is None


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
