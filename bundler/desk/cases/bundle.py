"""The bundle: the gate's checklist, the one button, its progress, the file and its proof."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bundler.bind.volume_scope import VolumeScope
from bundler.desk.cases.build_jobs import BuildJob, bundle
from bundler.desk.cases.bundle_files import BundleFile, find_bundles
from bundler.desk.cases.case_view import CaseView, look, requested_folder
from bundler.desk.cases.finding_links import finding_links
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.desk.http import actor_of, event_stream, read_form
from bundler.desk.security.audit import audit_change, audit_download
from bundler.file_record import PDF
from bundler.ledger.case_history import FileDigest
from bundler.regulation.papers import BundleKind
from bundler.verification.inspect import UnreadableError
from bundler.verification.verify import verify

_LOOK_EVERY = 0.2
"""Seconds between two looks at how far a bundle is."""
_HEARTBEAT = 75
"""So many looks without news, and a sign of life is sent."""


def show(request: Request) -> Response:
    """The gate, and the bundles that there are."""
    return page(request, "case_bundle.html", _context(request, _asked(request)))


def panel(request: Request) -> Response:
    """The part of the page that changes while a bundle is made."""
    return page(request, "case_bundle_panel.html", _context(request, _asked(request)))


async def start(request: Request) -> Response:
    """Have the bundle made."""
    form = await read_form(request)
    return await run_in_threadpool(_start, request, str(form.get("kind", "")), str(form.get("scope", "")))


def _start(request: Request, kind: str, scope: str) -> Response:
    sight = look(request, requested_folder(request), _kind(kind))
    if sight.examined.complete:
        wanted = VolumeScope(scope) if scope in set(VolumeScope) else VolumeScope.WHOLE
        actor = actor_of(request)

        def work(making: BuildJob) -> None:
            # Asked for once more: the case may have changed while it waited for its turn.
            now = look(request, sight.place, _kind(kind))
            bundle(now.examined, now.desk.templates, making, actor)
            audit_change(request, sight.place, "build", [FileDigest(one.path.name, one.sha256) for one in making.bound])

        services_of(request).build_queue.begin(sight.place.key, wanted, work)
    return page(request, "case_bundle_panel.html", _context(request, sight))


async def progress(request: Request) -> Response:
    """How far the bundle is, as events."""
    place = await run_in_threadpool(requested_folder, request)
    return event_stream(request, _looks(request, place.key), _HEARTBEAT)


async def _looks(request: Request, key: str) -> AsyncIterator[str | None]:
    told = -1
    while (making := services_of(request).build_queue.making(key)) is not None and not making.is_over:
        if making.change == told:
            yield None
        else:
            told = making.change
            text = bytes(page(request, "case_progress.html", _progress(request, key, making)).body).decode()
            yield "event: progress\n" + "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
        await asyncio.sleep(_LOOK_EVERY)
    yield "event: over\ndata: \n\n"


def _progress(request: Request, key: str, making: BuildJob) -> dict[str, object]:
    return {"making": making, "before": services_of(request).build_queue.before(key)}


def send(request: Request) -> Response:
    """A bundle to keep, or to read."""
    sight = _asked(request)
    found = _named(request, sight)
    audit_download(request, sight.place, found.path.name, found.sha256)
    how = "inline" if "show" in request.query_params else "attachment"
    headers = {"cache-control": "private, no-store"}
    return FileResponse(
        found.path, media_type=PDF, filename=found.path.name, content_disposition_type=how, headers=headers
    )


def prove(request: Request) -> Response:
    """Whether a bundle is still what it was when it was made."""
    sight = _asked(request)
    found = _named(request, sight)
    try:
        proof = verify(found.path, case=sight.place.folder, sha256=None)
    except UnreadableError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个卷宗已经不在。") from error
    return page(request, "case_proof.html", {"sight": sight, "file": found, "proof": proof})


def _named(request: Request, sight: CaseView) -> BundleFile:
    digest = request.path_params["digest"]
    found = next((one for one in find_bundles(sight) if one.sha256 == digest), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个卷宗已经不在，或者重新做过。请刷新页面。")
    return found


def _asked(request: Request) -> CaseView:
    return look(request, requested_folder(request), _kind(request.query_params.get("kind", "")))


def _kind(word: str) -> BundleKind | None:
    return BundleKind(word) if word in set(BundleKind) else None


def _context(request: Request, sight: CaseView) -> dict[str, object]:
    making = services_of(request).build_queue.making(sight.place.key)
    return {
        "sight": sight,
        "tab": "bundle",
        "links": finding_links(sight),
        "kinds": _kinds(sight),
        "scopes": tuple(VolumeScope),
        "files": find_bundles(sight),
        "making": making,
        "before": services_of(request).build_queue.before(sight.place.key),
    }


def _kinds(sight: CaseView) -> tuple[BundleKind, ...]:
    """What the case may be bundled as."""
    if sight.case is not None and sight.case.decision == "declined":
        return (BundleKind.DECLINED,)
    return (BundleKind.ARCHIVE, BundleKind.WRITE_OFF)


_BASE = "/cases/{key}/bundle"
routes = [
    Route(_BASE, show),
    Route(_BASE, start, methods=["POST"]),
    Route(_BASE + "/panel", panel),
    Route(_BASE + "/progress", progress),
    Route(_BASE + "/{digest}/file", send),
    Route(_BASE + "/{digest}/proof", prove, methods=["POST"]),
]
"""Of the bundle."""
