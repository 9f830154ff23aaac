"""The routes of the bundle page: the gate's checklist, building a bundle with progress, its file and verification."""

from __future__ import annotations

import stat
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bundler.api.verify import verify
from bundler.bind.volume_scope import VolumeScope
from bundler.clock import SHANGHAI
from bundler.desk.cases.build_jobs import BuildJob, BuildQueue, build_in_folder
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.finding_display import finding_links
from bundler.desk.cases.index_preview import index_preview
from bundler.desk.cases.requested_case import requested_case, requested_ref, services_of
from bundler.desk.cases.responses import case_page
from bundler.desk.request_helpers import actor_of, form_endpoint
from bundler.desk.security.audit import audit_change, audit_download
from bundler.digest import sha256_of_file
from bundler.file_inspection_record import PDF
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import FileDigest, HistoryError
from bundler.regulation.papers import BundleKind
from bundler.verification.inspect_bundle_file import UnreadableError
from bundler.verification.rebuilt_bundle_comparison import comparison_line

_verifications = threading.BoundedSemaphore(2)
"""Each builds a bundle anew, so few run at once; further ones wait."""


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A bundle in the case folder.

    Attributes:
        path: its path.
        size: its size in bytes.
        modified: when it was written, in Beijing time.
        sha256: its digest.
        is_recorded: the case's history names this very file.
        is_outdated: case.json changed since the bundle was built.
    """

    path: Path
    size: int
    modified: datetime
    sha256: str
    is_recorded: bool
    is_outdated: bool


def find_bundles(view: CaseView) -> tuple[BundleFile, ...]:
    """The bundles in the case folder, by the names that ``build`` gives; that of the whole volume first."""
    if not view.number:
        return ()
    paths = sorted(view.ref.folder.glob(f"{_glob_escaped(view.number)}*.pdf"))
    records = _recorded_digests(view.ref.folder)
    return tuple(_bundle_file(path, view, records) for path in paths if _is_bundle(path, view.number))


def _glob_escaped(number: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in number)


def _is_bundle(path: Path, number: str) -> bool:
    """Whether a path has the name of a bundle and is a regular file, not a link."""
    rest = path.stem.removeprefix(number)
    is_named = rest == "" or rest.startswith((f"-{VolumeScope.MAIN.label}", "-第", "-补充"))
    return is_named and stat.S_ISREG(path.lstat().st_mode)


def _recorded_digests(folder: Path) -> dict[str, tuple[str, str]]:
    """By file name: the digest that the history records of it, and the digest of case.json at that time."""
    try:
        entries = read_history(folder).entries
    except HistoryError:
        return {}
    return {
        one.file: (one.sha256, entry.case_sha256)
        for entry in entries
        if entry.action in {"build", "batch"} and not entry.fault
        for one in entry.outputs
    }


def _bundle_file(path: Path, view: CaseView, records: dict[str, tuple[str, str]]) -> BundleFile:
    status = path.lstat()
    digest = _cached_digest(path, status.st_mtime_ns, status.st_size, status.st_ino)
    recorded_digest, case_digest = records.get(path.name, ("", ""))
    return BundleFile(
        path,
        status.st_size,
        datetime.fromtimestamp(status.st_mtime, UTC).astimezone(SHANGHAI),
        digest,
        is_recorded=recorded_digest == digest,
        is_outdated=recorded_digest == digest and case_digest != view.version,
    )


@lru_cache(maxsize=1024)
def _cached_digest(path: Path, *file_state: int) -> str:
    """A file's digest, computed again when its time, size or inode changes."""
    del file_state
    return sha256_of_file(path)


def bundle_context(view: CaseView, queue: BuildQueue) -> dict[str, object]:
    """The template context of the bundle page."""
    return {
        "view": view,
        "tab": "bundle",
        "links": finding_links(view),
        "kinds": _possible_kinds(view),
        "scopes": tuple(VolumeScope),
        "files": find_bundles(view),
        "index_lines": index_preview(view),
        **_progress_context(queue, view.ref.key),
    }


def _progress_context(queue: BuildQueue, case_key: str) -> dict[str, object]:
    return {"job": queue.job(case_key), "jobs_ahead": queue.jobs_ahead(case_key)}


def _possible_kinds(view: CaseView) -> tuple[BundleKind, ...]:
    if view.case is not None and view.case.decision == "declined":
        return (BundleKind.DECLINED,)
    return (BundleKind.ARCHIVE, BundleKind.WRITE_OFF)


def show_bundle(request: Request) -> Response:
    """The page of the bundle."""
    return _bundle_response(request, "case_bundle.html", _requested_bundle_case(request))


def show_panel(request: Request) -> Response:
    """The part of the page that changes while a bundle is built."""
    return _bundle_response(request, "case_bundle_panel.html", _requested_bundle_case(request))


def start_build(request: Request, form: FormData) -> Response:
    """Queue a build job, if the gate is open."""
    kind, scope = _kind_or_none(str(form.get("kind", ""))), str(form.get("scope", ""))
    view, services, actor = requested_case(request, kind), services_of(request), actor_of(request)

    def build(job: BuildJob) -> None:
        # Check again: the case may have changed while the job waited.
        current = services.load_case(view.ref, kind)
        build_in_folder(current.checked, current.settings.templates, job, actor)
        files = [FileDigest(one.path.name, one.sha256) for one in job.bound]
        audit_change(request, view.ref, "build", files)

    if view.checked.complete:
        volume_scope = VolumeScope(scope) if scope in set(VolumeScope) else VolumeScope.WHOLE
        services.build_queue.start(view.ref.key, volume_scope, build)
    return _bundle_response(request, "case_bundle_panel.html", view)


def show_progress(request: Request) -> Response:
    """The progress of the build job; no content once it is over."""
    ref, queue = requested_ref(request), services_of(request).build_queue
    job = queue.job(ref.key)
    if job is None or job.is_finished:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return case_page(request, "case_progress.html", _progress_context(queue, ref.key))


def download_bundle(request: Request) -> Response:
    """A bundle's PDF, to save or to open in the browser."""
    view = _requested_bundle_case(request)
    file = _requested_file(request, view)
    audit_download(request, view.ref, file.path.name, file.sha256)
    return FileResponse(
        file.path,
        media_type=PDF,
        filename=file.path.name,
        content_disposition_type="inline" if "show" in request.query_params else "attachment",
        headers={"cache-control": "private, no-store"},
    )


def verify_bundle(request: Request) -> Response:
    """Verify a bundle: it is built anew from the case and compared."""
    view = _requested_bundle_case(request)
    file = _requested_file(request, view)
    try:
        with _verifications:
            result = verify(
                file.path, case=view.ref.folder, profile=view.settings.profile, templates=view.settings.templates
            )
    except UnreadableError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个卷宗已经不在。") from error
    line = comparison_line(result.comparison) if result.comparison else ""
    context = {"view": view, "file": file, "result": result, "comparison": line}
    return case_page(request, "case_verification.html", context)


def _requested_file(request: Request, view: CaseView) -> BundleFile:
    digest = request.path_params["digest"]
    file = next((one for one in find_bundles(view) if one.sha256 == digest), None)
    if file is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个卷宗已经不在，或者重新做过。请刷新页面。")
    return file


def _requested_bundle_case(request: Request) -> CaseView:
    """The case, checked for the kind of bundle that the query names."""
    return requested_case(request, _kind_or_none(request.query_params.get("kind", "")))


def _bundle_response(request: Request, template: str, view: CaseView) -> Response:
    return case_page(request, template, bundle_context(view, services_of(request).build_queue))


def _kind_or_none(name: str) -> BundleKind | None:
    return BundleKind(name) if name in set(BundleKind) else None


_BASE = "/cases/{key}/bundle"
routes = [
    Route(_BASE, show_bundle),
    Route(_BASE, form_endpoint(start_build), methods=["POST"]),
    Route(_BASE + "/panel", show_panel),
    Route(_BASE + "/progress", show_progress),
    Route(_BASE + "/{digest}/file", download_bundle),
    Route(_BASE + "/{digest}/proof", verify_bundle, methods=["POST"]),
]
