"""The table of the documents of a case: id, title, item, date, requirements and copies of each.

A new document is declared here alone, or in `batch_documents`; its text is in ``templates/<id>.docx``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bundler.case.model import Case
from bundler.documents import document_dates
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.document_subjects import (
    DocumentCopy,
    list_named_petitioners,
    list_principals,
    list_services_due,
)
from bundler.documents.required_facts import of_forms, of_letters, of_meeting_records, of_unenforceable_debt_papers
from bundler.documents.required_facts.shared_checks import (
    ConditionalGuarantee,
    MissingField,
    requires,
)
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.regulation.load import load_regulation
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item

MANY_PETITIONERS = 5
"""A title names up to so many petitioners; of more it names the first and counts them all."""


_CLAIM_ANSWERED = ConditionalGuarantee("claims", ("statement", "outcome"))

DOCUMENTS: dict[str, DocumentDefinition] = {
    document.id: document
    for document in (
        DocumentDefinition(
            id="registration_form",
            title="执行申诉信访案件登记表",
            item=Item.REGISTRATION,
            find_date=lambda case: case.registration.registered_on,
            find_until=lambda case: case.registration.received_on,
            requirements=requires(
                of_forms.registration_form,
                "reg_no petitioners addressees received_on channel register.source"
                " register.summary register.proposed_opinion",
            ),
        ),
        DocumentDefinition(
            id="transfer_slip",
            title="信访事项转交（办）单",
            item=Item.TRANSFER_PROOF,
            find_date=lambda case: case.transfer.transferred_on if case.transfer else None,
            requirements=requires(
                of_forms.transfer_slip, "reg_no petitioners received_on people.handler transfer.transferred_on"
            ),
        ),
        DocumentDefinition(
            id="acceptance_notice",
            title="执行申诉信访事项受理告知书",
            item=Item.ACCEPTANCE_NOTICE,
            find_date=lambda case: case.acceptance.notice_on if case.acceptance else None,
            requirements=requires(
                of_letters.acceptance_notice,
                "reg_no petitioners addressees received_on channel grounds people.handler document_on",
            ),
            find_missing_under=of_letters.require_grounds_of_regulation,
        ),
        DocumentDefinition(
            id="explanation_notice",
            title="执行申诉信访事项不予受理释明告知书",
            item=Item.EXPLANATION_NOTICE,
            find_date=lambda case: case.declined.notice_on if case.declined else None,
            requirements=requires(
                of_letters.explanation_notice,
                "reg_no petitioners addressees received_on channel declined document_on",
                conditional=(
                    ConditionalGuarantee("declined", ("means",), "one.ground == 1 and one.attempts"),
                    ConditionalGuarantee("declined", ("talked_on",), "one.ground == 1 and not one.attempts"),
                    ConditionalGuarantee("declined", ("conduct_subject",), "one.ground == 2"),
                    ConditionalGuarantee("declined", ("department", "moved_on"), "one.ground in (2, 4)"),
                    ConditionalGuarantee("declined", ("standing_checked",), "one.ground == 3"),
                    ConditionalGuarantee("declined", ("other_procedure",), "one.ground == 4"),
                    ConditionalGuarantee(
                        "declined", ("judgment_no",), "one.ground == 4 and one.other_procedure == 'trial'"
                    ),
                    ConditionalGuarantee(
                        "declined",
                        ("bankrupt", "bankruptcy_court", "bankruptcy_no", "administrator"),
                        "one.ground == 4 and one.other_procedure == 'bankruptcy'",
                    ),
                    ConditionalGuarantee(
                        "declined", ("procedure_name",), "one.ground == 4 and one.other_procedure == 'other'"
                    ),
                    ConditionalGuarantee("declined", ("matter", "competent_body"), "one.ground == 5"),
                    ConditionalGuarantee(
                        "declined", ("enforcing_court", "superior_court", "instrument"), "one.ground == 7"
                    ),
                ),
            ),
            find_missing_under=of_letters.require_own_ground_facts,
        ),
        DocumentDefinition(
            id="interview_record",
            title="约谈（谈话）笔录",
            item=Item.INTERVIEW,
            find_date=lambda case: case.interview.held_on if case.interview else None,
            requirements=requires(
                of_meeting_records.interview_record,
                "reg_no petitioners addressees interview.day interview.place people.handler people.clerk",
            ),
        ),
        DocumentDefinition(
            id="coordination_record",
            title="协调会议记录",
            item=Item.INTERVIEW,
            find_date=lambda case: document_dates.day_of(case.coordination.started_at) if case.coordination else None,
            requirements=requires(
                of_meeting_records.coordination_record,
                "reg_no petitioners addressees coordination coordination.started_at coordination.place"
                " coordination.chair coordination.recorder coordination.everyone",
            ),
        ),
        DocumentDefinition(
            id="investigation_record",
            title="调查笔录",
            item=Item.INVESTIGATION,
            find_date=document_dates.inquiry_date,
            requirements=requires(
                of_meeting_records.investigation_record,
                "reg_no petitioners addressees inquiry inquiry.day inquiry.place inquiry.investigators"
                " inquiry.recorder inquiry.respondent.name",
            ),
        ),
        DocumentDefinition(
            id="hearing_record",
            title="听证笔录",
            item=Item.HEARING_RECORD,
            find_date=lambda case: case.hearing.held_on if case.hearing else None,
            requirements=requires(
                of_meeting_records.hearing_record,
                "reg_no petitioners addressees hearing hearing.place hearing.chair hearing.recorder"
                " hearing.participants",
            ),
        ),
        DocumentDefinition(
            id="collective_record",
            title="集体研究记录",
            item=Item.APPROVAL,
            find_date=document_dates.discussion_date,
            own_day="研究之日",
            requirements=requires(
                of_meeting_records.collective_record,
                "reg_no petitioners addressees collective collective.day collective.place"
                " collective.chair collective.attendees collective.members collective.reporter"
                " collective.recorder",
            ),
        ),
        DocumentDefinition(
            id="approval_form",
            title="办理意见呈批表",
            item=Item.APPROVAL,
            find_date=lambda case: case.approval.submitted_on if case.approval else None,
            find_until=document_dates.approval_limit,
            own_day="呈批之日",
            requirements=requires(
                of_forms.approval_form,
                "reg_no petitioners people.handler people.leader claims",
                conditional=(_CLAIM_ANSWERED,),
            ),
        ),
        DocumentDefinition(
            id="service_receipt",
            title="送达回证",
            item=Item.ACCEPTANCE_SERVICE,
            requirements=requires(
                of_forms.service_receipt, "reg_no petitioners receipt addressee addressee.name addressee.address"
            ),
            copies="per_service",
        ),
        DocumentDefinition(
            id="reply_opinion",
            title="执行申诉信访事项答复意见书",
            item=Item.REPLY_OPINION,
            find_date=lambda case: case.reply.replied_on if case.reply else None,
            requirements=requires(
                of_letters.reply_opinion,
                "reg_no petitioners addressees received_on channel claims document_on",
                conditional=(
                    _CLAIM_ANSWERED,
                    ConditionalGuarantee("claims", ("title",), "claims|length > 1"),
                    ConditionalGuarantee("claims", ("facts",), "not one.weighed"),
                    ConditionalGuarantee(
                        "claims", ("reason",), "not one.weighed and one.outcome in ('explained', 'not_supported')"
                    ),
                ),
            ),
        ),
        DocumentDefinition(
            id="measures_statement",
            title="接访后采取工作措施情况说明",
            item=Item.MEASURES,
            find_date=document_dates.statement_date,
            requirements=requires(of_letters.measures_statement, "reg_no petitioners addressees received_on measures"),
        ),
        DocumentDefinition(
            id="commitment",
            title="息诉罢访承诺书",
            item=Item.COMMITMENT,
            find_until=document_dates.signing_limit,
            requirements=requires(of_letters.commitment, "reg_no petitioners addressee addressee.name brief"),
            copies="per_petitioner",
        ),
        DocumentDefinition(
            id="write_off_request",
            title="执行申诉信访案件核销申请表",
            item=Item.WRITE_OFF_REQUEST,
            find_date=lambda case: case.write_off.requested_on if case.write_off else None,
            requirements=requires(
                of_forms.write_off_request,
                "reg_no petitioners addressees register.source received_on accepted_on people.handler"
                " people.leader category claims write_off.requested_on document_on",
                conditional=(_CLAIM_ANSWERED,),
            ),
        ),
        DocumentDefinition(
            id="supervision_report",
            title="关于××反映××信访事项办理情况的报告",
            item=Item.OTHER,
            find_date=lambda case: case.feedback_report.reported_on if case.feedback_report else None,
            requirements=requires(
                of_letters.supervision_report,
                "petitioners assign assign.received_on assign.notice_title feedback.claims",
            ),
            returns_signed=False,
        ),
        DocumentDefinition(
            id="jurisdiction_note",
            title="关于××信访事项不属于本院涉执信访管辖范围的说明",
            item=Item.JURISDICTION_NOTE,
            find_date=lambda case: case.not_ours.noted_on if case.not_ours else None,
            requirements=requires(
                of_letters.jurisdiction_note,
                "petitioners addressees assign assign.received_on not_ours not_ours.checked"
                " not_ours.reason not_ours.work_done document_on",
            ),
            returns_signed=False,
        ),
        DocumentDefinition(
            id="measures_exhausted",
            title="已穷尽执行措施情况表",
            item=Item.OTHER,
            find_until=document_dates.statement_date,
            requirements=requires(
                of_unenforceable_debt_papers.measures_exhausted,
                "reg_no petitioners addressees case_numbers people.handler exhausted",
            ),
        ),
        DocumentDefinition(
            id="relief_referral",
            title="司法救助报请表",
            item=Item.OTHER,
            find_date=lambda case: case.relief.referred_on if case.relief else None,
            requirements=requires(
                of_unenforceable_debt_papers.relief_referral,
                "reg_no petitioners addressees people.handler relief_request.applicant relief_request.applicant.name"
                " relief_request.unenforced relief_request.found relief_request.difficulty relief_request.asked"
                " relief_request.asked_in_capitals",
            ),
        ),
        DocumentDefinition(
            id="follow_up_record",
            title="回访记录",
            item=Item.OTHER,
            find_date=document_dates.follow_up_date,
            requirements=requires(
                of_unenforceable_debt_papers.follow_up_record,
                "reg_no petitioners addressees people.handler follow_up",
            ),
        ),
    )
}
"""The documents of a case."""


def find_document_date(case: Case, document_id: str) -> date | None:
    """The date of a document of a case; None where the case does not give it."""
    return DOCUMENTS[document_id].find_date(case)


def find_moment(case: Case, document_id: str) -> DocumentDay:
    """When a document speaks: its date, and the last day of which it may tell."""
    document = DOCUMENTS[document_id]
    day = document.find_date(case)
    return DocumentDay(day, day or document.find_until(case), document.own_day)


def find_missing_fields(document_id: str, case: Case, regulation: Regulation | None = None) -> tuple[MissingField, ...]:
    """The fields that a document still needs, in the order of the paper; none when it can be filled.

    Args:
        document_id: its id.
        case: the case.
        regulation: the court's; None: the shipped one.
    """
    document = DOCUMENTS[document_id]
    asked = document.find_missing_under(case, regulation or load_regulation())
    return (*document.requirements.find_missing(case), *asked)


def list_copies(document: DocumentDefinition, case: Case) -> tuple[DocumentCopy, ...]:
    """The copies that a case gets of a document, in the order in which they are made; at least one where nothing is missing."""
    if document.copies == "single":
        return (DocumentCopy(document.item),)
    items = list_services_due(case) if document.copies == "per_service" else (document.item,)
    return tuple(DocumentCopy(item, position) for item in items for position in list_named_petitioners(case))


def file_suffix(copy: DocumentCopy, among: tuple[DocumentCopy, ...]) -> str:
    """The end of a copy's file name, which distinguishes it from the other copies: the service, and the petitioner's number."""
    suffix = f"-{copy.item.value}" if len({one.item for one in among}) > 1 else ""
    people = sorted({one.petitioner for one in among})
    return suffix + (f"-{people.index(copy.petitioner) + 1}" if len(people) > 1 else "")


def build_title(document: DocumentDefinition, case: Case) -> str:
    """The title for a case: the petitioners, then the matter, replace ××."""
    names = [case.petitioners[index].name or "" for index in list_principals(case)]
    shown = f"{names[0]}等{len(names)}人" if len(names) > MANY_PETITIONERS else "、".join(names)
    matter = (case.feedback_report.subject if case.feedback_report else None) or case.registration.brief or "有关问题"
    return document.title.replace("××", shown, 1).replace("××", matter)


def find_samples_folder() -> Path:
    """Return the folder of the invented cases: that of the checkout or of the installed package."""
    checkout = Path(__file__).parents[2] / "samples"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "samples"


def find_templates_folder(given: Path | None) -> Path:
    """The folder of templates: the court's own where one is given, else the checkout's, else the installed package's."""
    checkout = Path(__file__).parents[2] / "templates"
    return given or (checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "templates")
