"""The papers that a case can fill: which they are, what the others lack, and their files and pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.bundle.paper import RETURN_NOTICE, PaperDrafter, make_return_notice, require_printable_case
from bundler.case.model import Case
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX, PageRef
from bundler.desk.cases.sending import image_etag, picture, requested_image_size, unchanged
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.http import download_response, number_in_path
from bundler.desk.security.audit import audit_download
from bundler.digest import sha256_of
from bundler.documents.definitions import (
    DOCUMENTS,
    DocumentDefinition,
    build_title,
    file_suffix,
    find_missing_fields,
    list_copies,
)
from bundler.documents.requirements.common import MissingField
from bundler.documents.views.receipt_and_commitment import DocumentCopy
from bundler.errors import BundlerError
from bundler.file_record import PDF, WORD
from bundler.regulation.papers import PAPERS, SERVICE_RECEIPTS, Item


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """One paper that can be made.

    Attributes:
        name: what the browser calls it: the document, and its place among those of the document.
        title: as the paper bears it, with what tells it from the others.
        copy: which of the document's papers it is; None for the notice of return.
        ending: of its file's name.
    """

    name: str
    title: str
    document: DocumentDefinition
    copy: DocumentCopy | None
    ending: str = ""

    @property
    def item(self) -> Item:
        """Where it belongs when it comes back signed."""
        return self.copy.item if self.copy else self.document.item

    @property
    def place(self) -> str:
        """That place's name."""
        return PAPERS[self.item].label


@dataclass(frozen=True, slots=True)
class IncompleteDocument:
    """A paper that cannot be made yet, and the fields that it waits for."""

    document: DocumentDefinition
    needs: tuple[MissingField, ...]


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """All papers of a case."""

    ready: tuple[ReadyDocument, ...]
    lacking: tuple[IncompleteDocument, ...]


def case_documents(sight: CaseView) -> CaseDocuments:
    """The papers of a case, in the catalogue's order."""
    case = sight.case
    if case is None:
        return CaseDocuments((), ())
    ready: list[ReadyDocument] = []
    lacking: list[IncompleteDocument] = []
    for document in DOCUMENTS.values():
        needs = find_missing_fields(document.id, case)
        if needs:
            lacking.append(IncompleteDocument(document, tuple({need.label: need for need in needs}.values())))
        else:
            ready += _sheets(document, case)
    if sight.errors:
        ready.append(ReadyDocument(f"{RETURN_NOTICE.id}-1", RETURN_NOTICE.title, RETURN_NOTICE, None))
    return CaseDocuments(tuple(ready), tuple(lacking))


def _sheets(document: DocumentDefinition, case: Case) -> list[ReadyDocument]:
    copies = list_copies(document, case)
    title = build_title(document, case)
    return [
        ReadyDocument(
            f"{document.id}-{number}", title + _told_apart(one, copies, case), document, one, file_suffix(one, copies)
        )
        for number, one in enumerate(copies, start=1)
    ]


def _told_apart(copy: DocumentCopy, among: tuple[DocumentCopy, ...], case: Case) -> str:
    """What tells a paper from the others of its document."""
    words = []
    if len({one.item for one in among}) > 1 or copy.item in SERVICE_RECEIPTS:
        words.append(PAPERS[copy.item].service_label or PAPERS[copy.item].label)
    if len({one.petitioner for one in among}) > 1:
        words.append(case.petitioners[copy.petitioner].name or "")
    return f"（{'，'.join(words)}）" if words else ""


def show(request: Request) -> Response:
    """The papers of the case."""
    sight = requested_case(request)
    return page(request, "case_papers.html", {"sight": sight, "tab": "papers", "drawer": case_documents(sight)})


async def view(request: Request) -> Response:
    """A paper's pages, to be leafed through."""
    sight, sheet = await run_in_threadpool(_asked, request)
    pdf = await _pdf(request, sight, sheet)
    count = await services_of(request).pictures.count(sha256_of(pdf), PDF, lambda: pdf)
    base = f"/cases/{sight.place.key}/papers/{sheet.name}/pages"
    pages = [f"{base}/{number}?v={sight.version[:DIGEST_PREFIX]}" for number in range(1, count + 1)]
    return page(request, "case_viewer.html", {"title": sheet.title, "pages": pages, "first": 1, "turning": ""})


async def leaf(request: Request) -> Response:
    """A page of a paper as a picture."""
    sight, sheet = await run_in_threadpool(_asked, request)
    number, size = number_in_path(request, "page"), requested_image_size(request)
    pdf = await _pdf(request, sight, sheet)
    digest = sha256_of(pdf)
    tag = image_etag(digest, number, size)
    return unchanged(request, tag) or picture(
        await services_of(request).pictures.page(PageRef(digest, PDF, number, size), lambda: pdf), tag
    )


async def download_word(request: Request) -> Response:
    """A paper to edit (.docx)."""
    sight, sheet = await run_in_threadpool(_asked, request)
    return _sent(request, sight, sheet, await _word(request, sight, sheet), "docx")


async def download_pdf(request: Request) -> Response:
    """A paper to print (PDF)."""
    sight, sheet = await run_in_threadpool(_asked, request)
    return _sent(request, sight, sheet, await _pdf(request, sight, sheet), "pdf")


def _sent(request: Request, sight: CaseView, sheet: ReadyDocument, data: bytes, ending: str) -> Response:
    name = f"{sight.number or sight.place.folder.name}-{sheet.document.id}{sheet.ending}.{ending}"
    audit_download(request, sight.place, name, sha256_of(data))
    return download_response(data, name, PDF if ending == "pdf" else WORD)


def _asked(request: Request) -> tuple[CaseView, ReadyDocument]:
    sight = requested_case(request)
    name = request.path_params["name"]
    sheet = next((one for one in case_documents(sight).ready if one.name == name), None)
    if sheet is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文书现在生成不了：案件刚被改动，或者还缺内容。")
    return sight, sheet


async def _word(request: Request, sight: CaseView, sheet: ReadyDocument) -> bytes:
    store = services_of(request).papers
    name = f"{_key(sight, sheet)}/docx"
    return store.get(name) or store.keep(
        name, await services_of(request).hands.do(lambda hand: _drafted(sight, sheet, hand))
    )


async def _pdf(request: Request, sight: CaseView, sheet: ReadyDocument) -> bytes:
    store = services_of(request).papers
    name = f"{_key(sight, sheet)}/pdf"
    kept = store.get(name)
    if kept is not None:
        return kept
    word = await _word(request, sight, sheet)

    def work(hand: WorkerSet) -> bytes:
        return _with(hand, sight).pdf(sight.examined.reading, sheet.document, word)

    return store.keep(name, await services_of(request).hands.do(work))


def _drafted(sight: CaseView, sheet: ReadyDocument, hand: WorkerSet) -> bytes:
    try:
        if sheet.copy is None:
            return make_return_notice(sight.examined, sight.desk.templates, sight.desk.today())[1]
        return _with(hand, sight).paper(require_printable_case(sight.examined.reading), sheet.document, sheet.copy)
    except BundlerError:
        hand.holds = ""  # an error ends the process
        raise


def _with(hand: WorkerSet, sight: CaseView) -> PaperDrafter:
    return PaperDrafter(sight.desk.profile, sight.desk.templates, hand.worker)


def _key(sight: CaseView, sheet: ReadyDocument) -> str:
    """What a paper is made from: the case, the court, and the template as it lies there."""
    template = (sight.desk.templates / f"{sheet.document.id}.docx").stat()
    told = [sight.version, sheet.name, sight.desk.profile.model_dump_json(), template.st_mtime_ns, template.st_size]
    if sheet.copy is None:
        told.append([one.as_json() for one in sight.examined.check_result.findings])
    return sha256_of(json.dumps(told, ensure_ascii=False).encode())


_BASE = "/cases/{key}/papers"
routes = [
    Route(_BASE, show),
    Route(_BASE + "/{name}/view", view),
    Route(_BASE + "/{name}/pages/{page}", leaf),
    Route(_BASE + "/{name}/docx", download_word),
    Route(_BASE + "/{name}/pdf", download_pdf),
]
"""Of the papers."""
