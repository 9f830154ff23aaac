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

from bundler.assembly.drafting import RETURN_NOTICE, Drafter, printable_case, return_notice
from bundler.assembly.record import sha256_of
from bundler.case.model import Case
from bundler.desk.casework.acting import note_download
from bundler.desk.casework.hands import Hand
from bundler.desk.casework.pictures import PREFIX, Leaf
from bundler.desk.casework.sending import download, picture, size_of, tag_of, unchanged
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.desk.casework.workroom import workroom_of
from bundler.desk.numbers import number_in
from bundler.documents.catalogue import DOCUMENTS, Document, title_for
from bundler.documents.copies import Copy, copies_of, ending_of
from bundler.documents.needs.parts import Need
from bundler.documents.needs.table import missing_fields
from bundler.errors import BundlerError
from bundler.materials.record import PDF, WORD
from bundler.regulation.items import PAPERS, Item


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper that can be made.

    Attributes:
        name: what the browser calls it: the document, and its place among those of the document.
        title: as the paper bears it, with what tells it from the others.
        copy: which of the document's papers it is; None for the notice of return.
        ending: of its file's name.
    """

    name: str
    title: str
    document: Document
    copy: Copy | None
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
class Lacking:
    """A paper that cannot be made yet, and the fields that it waits for."""

    document: Document
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Drawer:
    """All papers of a case."""

    ready: tuple[Sheet, ...]
    lacking: tuple[Lacking, ...]


def drawer_of(sight: Sight) -> Drawer:
    """The papers of a case, in the catalogue's order."""
    case = sight.case
    if case is None:
        return Drawer((), ())
    ready: list[Sheet] = []
    lacking: list[Lacking] = []
    for document in DOCUMENTS.values():
        needs = missing_fields(document.id, case)
        if needs:
            lacking.append(Lacking(document, tuple({need.label: need for need in needs}.values())))
        else:
            ready += _sheets(document, case)
    if sight.errors:
        ready.append(Sheet(f"{RETURN_NOTICE.id}-1", RETURN_NOTICE.title, RETURN_NOTICE, None))
    return Drawer(tuple(ready), tuple(lacking))


def _sheets(document: Document, case: Case) -> list[Sheet]:
    copies = copies_of(document, case)
    title = title_for(document, case)
    return [
        Sheet(f"{document.id}-{number}", title + _told_apart(one, copies, case), document, one, ending_of(one, copies))
        for number, one in enumerate(copies, start=1)
    ]


def _told_apart(copy: Copy, among: tuple[Copy, ...], case: Case) -> str:
    """What tells a paper from the others of its document."""
    words = []
    if len({one.item for one in among}) > 1 or copy.item.value.endswith("_service"):
        words.append(PAPERS[copy.item].label.replace("送达回执或邮寄凭证", "").replace("送达回执", ""))
    if len({one.petitioner for one in among}) > 1:
        words.append(case.petitioners[copy.petitioner].name or "")
    return f"（{'，'.join(words)}）" if words else ""


def show(request: Request) -> Response:
    """The papers of the case."""
    sight = sight_of(request)
    return page(request, "case_papers.html", {"sight": sight, "tab": "papers", "drawer": drawer_of(sight)})


async def view(request: Request) -> Response:
    """A paper's pages, to be leafed through."""
    sight, sheet = await run_in_threadpool(_asked, request)
    pdf = await _pdf(request, sight, sheet)
    count = await workroom_of(request).pictures.count(sha256_of(pdf), PDF, lambda: pdf)
    base = f"/cases/{sight.place.key}/papers/{sheet.name}/pages"
    pages = [f"{base}/{number}?v={sight.version[:PREFIX]}" for number in range(1, count + 1)]
    return page(request, "case_viewer.html", {"title": sheet.title, "pages": pages, "first": 1, "turning": ""})


async def leaf(request: Request) -> Response:
    """A page of a paper as a picture."""
    sight, sheet = await run_in_threadpool(_asked, request)
    number, size = number_in(request, "page"), size_of(request)
    pdf = await _pdf(request, sight, sheet)
    digest = sha256_of(pdf)
    tag = tag_of(digest, number, size)
    return unchanged(request, tag) or picture(
        await workroom_of(request).pictures.page(Leaf(digest, PDF, number, size), lambda: pdf), tag
    )


async def send_word(request: Request) -> Response:
    """A paper to edit (.docx)."""
    sight, sheet = await run_in_threadpool(_asked, request)
    return _sent(request, sight, sheet, await _word(request, sight, sheet), "docx")


async def send_pdf(request: Request) -> Response:
    """A paper to print (PDF)."""
    sight, sheet = await run_in_threadpool(_asked, request)
    return _sent(request, sight, sheet, await _pdf(request, sight, sheet), "pdf")


def _sent(request: Request, sight: Sight, sheet: Sheet, data: bytes, ending: str) -> Response:
    name = f"{sight.number or sight.place.folder.name}-{sheet.document.id}{sheet.ending}.{ending}"
    note_download(request, sight.place, name, sha256_of(data))
    return download(data, name, PDF if ending == "pdf" else WORD)


def _asked(request: Request) -> tuple[Sight, Sheet]:
    sight = sight_of(request)
    name = request.path_params["name"]
    sheet = next((one for one in drawer_of(sight).ready if one.name == name), None)
    if sheet is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文书现在生成不了：案件刚被改动，或者还缺内容。")
    return sight, sheet


async def _word(request: Request, sight: Sight, sheet: Sheet) -> bytes:
    store = workroom_of(request).papers
    name = f"{_key(sight, sheet)}/docx"
    return store.get(name) or store.keep(
        name, await workroom_of(request).hands.do(lambda hand: _drafted(sight, sheet, hand))
    )


async def _pdf(request: Request, sight: Sight, sheet: Sheet) -> bytes:
    store = workroom_of(request).papers
    name = f"{_key(sight, sheet)}/pdf"
    kept = store.get(name)
    if kept is not None:
        return kept
    word = await _word(request, sight, sheet)

    def work(hand: Hand) -> bytes:
        return _with(hand, sight).pdf(sight.examined.reading, sheet.document, word)

    return store.keep(name, await workroom_of(request).hands.do(work))


def _drafted(sight: Sight, sheet: Sheet, hand: Hand) -> bytes:
    try:
        if sheet.copy is None:
            return return_notice(sight.examined, sight.desk.templates, sight.desk.today())[1]
        return _with(hand, sight).paper(printable_case(sight.examined.reading), sheet.document, sheet.copy)
    except BundlerError:
        hand.holds = ""  # an error ends the process
        raise


def _with(hand: Hand, sight: Sight) -> Drafter:
    return Drafter(sight.desk.profile, sight.desk.templates, hand.worker)


def _key(sight: Sight, sheet: Sheet) -> str:
    """What a paper is made from: the case, the court, and the template as it lies there."""
    template = (sight.desk.templates / f"{sheet.document.id}.docx").stat()
    told = [sight.version, sheet.name, sight.desk.profile.model_dump_json(), template.st_mtime_ns, template.st_size]
    if sheet.copy is None:
        told.append([one.as_json() for one in sight.examined.verdict.findings])
    return sha256_of(json.dumps(told, ensure_ascii=False).encode())


_BASE = "/cases/{key}/papers"
routes = [
    Route(_BASE, show),
    Route(_BASE + "/{name}/view", view),
    Route(_BASE + "/{name}/pages/{page}", leaf),
    Route(_BASE + "/{name}/docx", send_word),
    Route(_BASE + "/{name}/pdf", send_pdf),
]
"""Of the papers."""
