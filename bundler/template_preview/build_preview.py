"""Build the preview of a folder of templates in a sandboxed process, and again only for the templates that were saved since."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bundler.documents.find_document_by_name import document_titles, find_document_code
from bundler.errors import BundlerError
from bundler.file_reading import file_stamp
from bundler.profile import Profile
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError
from bundler.template_preview.compare_versions import (
    TemplatePreview,
    changed_sentences,
    inputs_digest,
    preview_template,
    unprinted_changes,
)
from bundler.template_preview.draft_bundle_pages import BUNDLE_PAGES
from bundler.template_preview.draft_papers import TITLES, template_file
from bundler.template_preview.preview_page import preview_html
from bundler.template_preview.preview_pdf import joined, report_pdf, template_pdf

_TOO_MUCH = "做不出来：用的内存或者时间过多，或者模板已损坏。请检查模板。"


@dataclass
class PreviewBuilder:
    """The preview of one folder of templates, beside an earlier version of it.

    Attributes:
        profile: the court.
        templates: the folder of templates.
        before: the folder of the earlier version; None to compare with nothing.
        worker: the process in which templates are filled and typeset.
        documents: the ids of the papers to show.
        before_name: what the preview calls the earlier version.
        previews: the papers as of the last `update`.
    """

    profile: Profile
    templates: Path
    before: Path | None
    worker: SandboxWorker
    documents: tuple[str, ...] = tuple(TITLES)
    before_name: str = ""
    previews: dict[str, TemplatePreview] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _pdfs: dict[str, bytes] = field(default_factory=dict)
    _unset: dict[str, str] = field(default_factory=dict)

    def update(self, progress: Callable[[str], None] = lambda _: None) -> bool:
        """Draft the papers anew whose template has changed since the last time; return whether there was one.

        Args:
            progress: called with the title of each paper before it is drafted.
        """
        digests = {document: inputs_digest(document, self.templates) for document in self.documents}
        stale = [document for document in self.documents if digests[document] != self._digests.get(document)]
        for document in stale:
            progress(TITLES[document])
            self.previews[document] = self._preview(document)
            self._pdfs.pop(document, None)
            self._unset.pop(document, None)
            self._digests[document] = digests[document]
        return bool(stale)

    def _preview(self, document: str) -> TemplatePreview:
        try:
            return self.worker.run(preview_template, document, self.profile, self.templates, self.before)
        except (LimitExceededError, WorkFailedError):
            return TemplatePreview(document, self.before is not None, (), _TOO_MUCH)
        except BundlerError as error:
            return TemplatePreview(document, self.before is not None, (), f"{error.message}{error.fix}")

    @property
    def shown(self) -> list[TemplatePreview]:
        """The previews in the order of the papers."""
        return [self.previews[document] for document in self.documents]

    @property
    def _before_name(self) -> str:
        return (self.before_name or str(self.before)) if self.before else ""

    @property
    def has_problems(self) -> bool:
        """Whether a template is broken."""
        return any(preview.problems for preview in self.previews.values())

    def html(self, version: str = "") -> bytes:
        """Return the page; `version` as of `preview_html`."""
        return preview_html(self.shown, self._before_name, str(self.templates), version).encode()

    def pdf(self, progress: Callable[[str], None] = lambda _: None) -> bytes:
        """Return the PDF; papers that cannot be typeset are named in its report.

        Args:
            progress: called with the title of each paper before it is typeset.

        Raises:
            TemplateError: the report itself cannot be typeset.
        """
        ordered = sorted(self.shown, key=lambda preview: not preview.changed)
        for preview in ordered:
            if preview.pairs and preview.document not in self._pdfs and preview.document not in self._unset:
                progress(preview.title)
                self._typeset(preview)
        arguments = (self.shown, self._before_name, str(self.templates), list(self._unset.values()))
        report = self.worker.run(report_pdf, *arguments)
        parts = [self._pdfs[one.document] for one in ordered if one.document in self._pdfs]
        return self.worker.run(joined, [report, *parts])

    def _typeset(self, preview: TemplatePreview) -> None:
        try:
            self._pdfs[preview.document] = self.worker.run(template_pdf, preview)
        except (LimitExceededError, WorkFailedError):
            self._unset[preview.document] = f"《{preview.title}》{_TOO_MUCH}"
        except BundlerError as error:
            self._unset[preview.document] = f"《{preview.title}》排不了版：{error.message}{error.fix}"

    def as_json(self) -> dict[str, Any]:
        """Return the report: how many papers were drafted, what was changed and in which situations it is seen, the problems."""
        return {
            "before": self._before_name or None,
            "after": str(self.templates),
            "papers": sum(len(preview.pairs) for preview in self.shown),
            "changes": [
                {
                    "template": template_file(one.document),
                    "before": one.before,
                    "after": one.after,
                    "situations": list(one.situations),
                }
                for one in changed_sentences(self.shown)
            ],
            "unprinted": [
                {"template": one.template, "place": one.place, "before": one.before or None, "after": one.after or None}
                for one in unprinted_changes(self.shown)
            ],
            "problems": [
                {"template": template_file(preview.document), "message": problem}
                for preview in self.shown
                for problem in preview.problems
            ],
        }


def templates_stamp(templates: Path) -> str:
    """Return a text that changes when a template is written, replaced, added or removed; no file is opened."""
    found = (*templates.glob("*.docx"), *(templates / "pages").glob("*.html"))
    paths = sorted(path for path in found if not path.name.startswith(("~", ".")))
    return "".join(f"{path.name}:{file_stamp(str(path))}" for path in paths)


def version_script(version: str) -> bytes:
    """Return the file ``preview-version.js``, which tells an open page that there is a newer one."""
    return f"window.previewVersion = {json.dumps(version)};\n".encode()


def documents_named(named: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the papers that codes, titles or files name; all where there are none.

    Raises:
        UsageError: a name means no paper, or several.
    """
    titles = {**document_titles(), **BUNDLE_PAGES}
    return tuple(find_document_code(one, titles) for one in named) or tuple(TITLES)
