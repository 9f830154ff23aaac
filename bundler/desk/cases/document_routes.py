"""The documents of a case: which can be drafted, what the others lack, and the routes of their pages and files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.bundle.draft_single_papers import RETURN_NOTICE, PaperDrafter, make_return_notice, require_printable_case
from bundler.case.model import Case
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX, PageRef
from bundler.desk.cases.reminder_papers import REMINDER_NOTICE, draft_reminder_of, reminder_inputs, reminders_of
from bundler.desk.cases.requested_case import requested_case, requested_image_size, services_of
from bundler.desk.cases.responses import case_page, image_etag, image_response, not_modified_response
from bundler.desk.cases.shared_objects import CaseServices
from bundler.desk.cases.viewer_context import viewer_context
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.request_helpers import actor_of, download_response, number_in_path
from bundler.desk.security.audit import audit_download
from bundler.digest import sha256_of
from bundler.documents.definitions import (
    DOCUMENTS,
    build_title,
    file_suffix,
    find_missing_fields,
    list_copies,
)
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.document_subjects import DocumentCopy
from bundler.documents.required_facts.shared_checks import MissingField
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.errors import BundlerError
from bundler.file_inspection_record import PDF, WORD
from bundler.file_reading import file_stamp
from bundler.ledger.history_entry import FileDigest
from bundler.ledger.reminders import record_reminder_once
from bundler.regulation.papers import PAPER_KINDS, SERVICE_RECEIPTS, Item


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """A document that can be drafted.

    Attributes:
        name: its name in addresses: the document's id, and its number among the copies of the document.
        title: its title, with what distinguishes it from the other copies.
        document: its definition.
        copy: the copy of the document; None for the notice of return and for reminders.
        suffix: the suffix of its file name, which distinguishes the copies.
    """

    name: str
    title: str
    document: DocumentDefinition
    copy: DocumentCopy | None
    suffix: str = ""

    @property
    def item(self) -> Item:
        """The item under which the signed document is filed."""
        return self.copy.item if self.copy else self.document.item


@dataclass(frozen=True, slots=True)
class IncompleteDocument:
    """A document that cannot be drafted, and the fields that it lacks."""

    document: DocumentDefinition
    missing: tuple[MissingField, ...]


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """All documents of a case."""

    ready: tuple[ReadyDocument, ...]
    incomplete: tuple[IncompleteDocument, ...]


def case_documents(view: CaseView) -> CaseDocuments:
    """The documents of a case, in the order of their definitions; the notice of return and the reminders last."""
    case = view.case
    if case is None:
        return CaseDocuments((), ())
    ready: list[ReadyDocument] = []
    incomplete: list[IncompleteDocument] = []
    for document in DOCUMENTS.values():
        missing = find_missing_fields(document.id, case, view.settings.profile.regulation)
        if missing:
            incomplete.append(IncompleteDocument(document, tuple({one.label: one for one in missing}.values())))
        else:
            ready += _copies(document, case)
    if view.errors:
        ready.append(ReadyDocument(f"{RETURN_NOTICE.id}-1", RETURN_NOTICE.title, RETURN_NOTICE, None))
    for number, reminder in enumerate(reminders_of(view), start=1):
        title = f"{REMINDER_NOTICE.title}（{reminder.name}）"
        ready.append(ReadyDocument(f"{REMINDER_NOTICE.id}-{number}", title, REMINDER_NOTICE, None))
    return CaseDocuments(tuple(ready), tuple(incomplete))


def _copies(document: DocumentDefinition, case: Case) -> list[ReadyDocument]:
    copies = list_copies(document, case)
    title = build_title(document, case)
    return [
        ReadyDocument(
            f"{document.id}-{number}",
            title + _distinction(copy, copies, case),
            document,
            copy,
            file_suffix(copy, copies),
        )
        for number, copy in enumerate(copies, start=1)
    ]


def _distinction(copy: DocumentCopy, copies: tuple[DocumentCopy, ...], case: Case) -> str:
    """What distinguishes a copy from the others: the document served, and the petitioner; empty where nothing does."""
    parts = []
    if len({one.item for one in copies}) > 1 or copy.item in SERVICE_RECEIPTS:
        parts.append(PAPER_KINDS[copy.item].service_label or PAPER_KINDS[copy.item].name)
    if len({one.petitioner for one in copies}) > 1:
        parts.append(case.petitioners[copy.petitioner].name or "")
    return f"（{'，'.join(parts)}）" if parts else ""


async def word_file(services: CaseServices, view: CaseView, document: ReadyDocument) -> bytes:
    """Draft a document, unless its Word file is cached.

    Raises:
        BundlerError: it cannot be drafted.
    """
    key = f"{_cache_key(view, document)}/docx"
    cached = services.document_cache.get(key)
    if cached:
        return cached
    word = await services.workers.run(lambda workers: _draft(view, document, workers))
    return services.document_cache.put(key, word)


async def pdf_file(services: CaseServices, view: CaseView, document: ReadyDocument) -> bytes:
    """Draft and typeset a document, unless its PDF is cached.

    Raises:
        BundlerError: it cannot be drafted or typeset.
    """
    key = f"{_cache_key(view, document)}/pdf"
    cached = services.document_cache.get(key)
    if cached is not None:
        return cached
    word = await word_file(services, view, document)

    def task(workers: WorkerSet) -> bytes:
        return _drafter(view, workers).pdf(view.checked.reading, document.document, word)

    return services.document_cache.put(key, await services.workers.run(task))


def _draft(view: CaseView, document: ReadyDocument, workers: WorkerSet) -> bytes:
    try:
        if document.document is REMINDER_NOTICE:
            return draft_reminder_of(view, int(document.name.rpartition("-")[2]))
        if document.copy is None:
            return make_return_notice(view.checked, view.settings.templates, view.settings.today())[1]
        case = require_printable_case(view.checked.reading, view.settings.profile.regulation)
        return _drafter(view, workers).paper(case, document.document, document.copy)
    except BundlerError:
        workers.loaded_digest = ""  # the error has ended the process
        raise


def _drafter(view: CaseView, workers: WorkerSet) -> PaperDrafter:
    return PaperDrafter(view.settings.profile, view.settings.templates, workers.renderer)


def _cache_key(view: CaseView, document: ReadyDocument) -> str:
    """The digest of what a document depends on: the case, the court's profile, the template, and the findings."""
    template = (view.settings.templates / f"{document.document.id}.docx").stat()
    blocks = file_stamp(str(view.settings.templates / BLOCKS_FILE))
    inputs = [
        view.version,
        document.name,
        view.settings.profile.cache_key,
        template.st_mtime_ns,
        template.st_size,
        blocks,
    ]
    if document.copy is None:
        inputs.append([one.as_json() for one in view.checked.check_result.findings])
        inputs.append(reminder_inputs(view))
    return sha256_of(json.dumps(inputs, ensure_ascii=False).encode())


def show_documents(request: Request) -> Response:
    """The page of documents."""
    services_of(request).warm_up()
    view = requested_case(request)
    context = {"view": view, "tab": "papers", "documents": case_documents(view)}
    return case_page(request, "case_documents.html", context)


async def show_viewer(request: Request) -> Response:
    """The viewer of a document."""
    view, document = await run_in_threadpool(_requested_document, request)
    services = services_of(request)
    pdf = await pdf_file(services, view, document)
    count = await services.page_images.count_pages(sha256_of(pdf), PDF, lambda: pdf)
    base = f"/cases/{view.ref.key}/papers/{document.name}/pages"
    pages = [f"{base}/{number}?v={view.version[:DIGEST_PREFIX]}" for number in range(1, count + 1)]
    return case_page(request, "case_viewer.html", viewer_context(document.title, pages))


async def show_page_image(request: Request) -> Response:
    """The image of a page of a document."""
    view, document = await run_in_threadpool(_requested_document, request)
    number, size = number_in_path(request, "page"), requested_image_size(request)
    services = services_of(request)
    pdf = await pdf_file(services, view, document)
    digest = sha256_of(pdf)
    etag = image_etag(digest, number, size)
    not_modified = not_modified_response(request, etag)
    if not_modified is not None:
        return not_modified
    return image_response(await services.page_images.image(PageRef(digest, PDF, number, size), lambda: pdf), etag)


async def download_word(request: Request) -> Response:
    """The Word file of a document, to edit."""
    view, document = await run_in_threadpool(_requested_document, request)
    word = await word_file(services_of(request), view, document)
    return _download(request, view, document, word, WORD)


async def download_pdf(request: Request) -> Response:
    """The PDF of a document, to print."""
    view, document = await run_in_threadpool(_requested_document, request)
    pdf = await pdf_file(services_of(request), view, document)
    return _download(request, view, document, pdf, PDF)


def _download(request: Request, view: CaseView, document: ReadyDocument, data: bytes, media_type: str) -> Response:
    name = _file_name(view, document, "docx" if media_type == WORD else "pdf")
    if document.document is REMINDER_NOTICE:
        reminder = reminders_of(view)[int(document.name.rpartition("-")[2]) - 1]
        record_reminder_once(reminder, FileDigest(name, sha256_of(data)), actor=actor_of(request))
    audit_download(request, view.ref, name, sha256_of(data))
    return download_response(data, name, media_type)


def _file_name(view: CaseView, document: ReadyDocument, extension: str) -> str:
    return f"{view.number or view.ref.folder.name}-{document.title}.{extension}"


def _requested_document(request: Request) -> tuple[CaseView, ReadyDocument]:
    view = requested_case(request)
    name = request.path_params["name"]
    document = next((one for one in case_documents(view).ready if one.name == name), None)
    if document is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文书现在生成不了：案件刚被改动，或者还缺内容。")
    return view, document


_BASE = "/cases/{key}/papers"
routes = [
    Route(_BASE, show_documents),
    Route(_BASE + "/{name}/view", show_viewer),
    Route(_BASE + "/{name}/pages/{page}", show_page_image),
    Route(_BASE + "/{name}/docx", download_word),
    Route(_BASE + "/{name}/pdf", download_pdf),
]
