"""The previews of the desk's templates, drafted in the desk's worker processes and kept while the files stay as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bundler.desk.cases.lru_cache import LruCache
from bundler.desk.cases.worker_pool import WorkerPool
from bundler.desk.settings import DeskSettings
from bundler.documents.definitions import find_templates_folder
from bundler.errors import TemplateError
from bundler.sandbox import LimitExceededError, WorkFailedError
from bundler.template_preview.compare_versions import TemplatePreview, inputs_digest, preview_template
from bundler.template_preview.draft_papers import TITLES
from bundler.template_preview.preview_pdf import template_pdf

_MOST_KEPT = 40
"""Previews; there are fewer papers, so that the versions before a change are kept for a while."""


@dataclass
class KeptPreviews:
    """The previews of one desk.

    Attributes:
        settings: the desk's settings.
        workers: the pool that drafts and typesets.
    """

    settings: DeskSettings
    workers: WorkerPool
    _kept: LruCache[tuple[str, str], TemplatePreview] = field(default_factory=lambda: LruCache(_MOST_KEPT))

    @property
    def before(self) -> Path | None:
        """The templates in the package, with which the court's own are compared; None where the desk uses those."""
        shipped = find_templates_folder(None)
        return None if self.settings.templates.resolve() == shipped.resolve() else shipped

    def changed_documents(self) -> tuple[str, ...]:
        """Return the ids of the papers whose template is not the one in the package."""
        before = self.before
        if before is None:
            return ()
        return tuple(
            document
            for document in TITLES
            if inputs_digest(document, self.settings.templates) != inputs_digest(document, before)
        )

    async def preview(self, document: str) -> TemplatePreview:
        """Draft a paper in every situation, unless its preview is kept.

        Raises:
            TemplateError: it took too much memory or time.
        """
        key = (document, inputs_digest(document, self.settings.templates))
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        profile, templates, before = self.settings.profile, self.settings.templates, self.before
        try:
            preview = await self.workers.run(
                lambda workers: workers.renderer.run(preview_template, document, profile, templates, before)
            )
        except (LimitExceededError, WorkFailedError) as error:
            raise _too_much(document) from error
        return self._kept.put(key, preview)

    async def pdf(self, document: str) -> bytes:
        """Typeset a paper in every situation.

        Raises:
            BundlerError: it cannot be typeset, or took too much memory or time.
        """
        preview = await self.preview(document)
        try:
            return await self.workers.run(lambda workers: workers.renderer.run(template_pdf, preview))
        except (LimitExceededError, WorkFailedError) as error:
            raise _too_much(document) from error


def _too_much(document: str) -> TemplateError:
    return TemplateError(
        f"《{TITLES[document]}》做不出来：用的内存或者时间过多，或者模板已损坏。",
        fix="请检查模板，或者换用自带的模板。",
    )
