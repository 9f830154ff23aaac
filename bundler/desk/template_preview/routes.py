"""The pages of the templates: which sentences the court's own change, and every paper before and after, in each situation."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.request_helpers import download_response
from bundler.desk.security.audit import write_audit_line
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response
from bundler.digest import sha256_of
from bundler.file_inspection_record import PDF
from bundler.template_preview.build_preview import templates_stamp
from bundler.template_preview.compare_versions import changed_sentences, unprinted_changes
from bundler.template_preview.draft_papers import TITLES
from bundler.template_preview.preview_page import highlight, shown_pairs
from bundler.typeset.style_classes import StyleClasses


async def show_overview(request: Request) -> Response:
    """The sentences that the court's own templates change, and the list of papers."""
    previews = desk_services(request).template_previews
    changed = await run_in_threadpool(previews.changed_documents)
    drafted = [await previews.preview(document) for document in changed]
    context = {
        "seen": _seen(request),
        "has_before": previews.before is not None,
        "changes": changed_sentences(drafted),
        "unprinted": unprinted_changes(drafted),
        "problems": [(one.title, problem) for one in drafted for problem in one.problems],
        "papers": [(document, title, document in changed) for document, title in TITLES.items()],
        "titles": TITLES,
        "highlight": highlight,
    }
    return template_response(request, "templates.html", context)


async def show_paper(request: Request) -> Response:
    """A paper in every situation, before and after side by side where they differ."""
    document = _document(request)
    preview = await desk_services(request).template_previews.preview(document)
    context = {"seen": _seen(request), "preview": preview, "pairs": shown_pairs(preview, StyleClasses())}
    return template_response(request, "template_paper.html", context)


async def send_looks(request: Request) -> Response:
    """The style sheet of the papers on the page of that paper, whose styles a page of the desk may not hold itself."""
    preview = await desk_services(request).template_previews.preview(_document(request))
    classes = StyleClasses()
    shown_pairs(preview, classes)
    return Response(classes.css(), media_type="text/css", headers={"cache-control": "private, no-cache"})


async def download_pdf(request: Request) -> Response:
    """A paper in every situation as PDF."""
    document = _document(request)
    data = await desk_services(request).template_previews.pdf(document)
    name = f"{TITLES[document]}（模板预览）.pdf"
    await run_in_threadpool(write_audit_line, request, "download", files=[(name, sha256_of(data))])
    return download_response(data, name, PDF)


def check_newer(request: Request) -> Response:
    """Let the browser load its page again once a template was saved after the page was made."""
    if request.query_params.get("seen", "") == _seen(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return Response(headers={"HX-Refresh": "true"})


def _seen(request: Request) -> str:
    """The state of the templates that a page shows."""
    return sha256_of(templates_stamp(desk_services(request).settings.templates).encode())[:16]


def _document(request: Request) -> str:
    document = str(request.path_params["document"])
    if document not in TITLES:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这份文书。")
    return document


routes = [
    Route("/templates", show_overview),
    Route("/templates/newer", check_newer),
    Route("/templates/{document}", show_paper),
    Route("/templates/{document}/looks.css", send_looks),
    Route("/templates/{document}/pdf", download_pdf),
]
