"""The proof-reader's view: all papers of a case in one PDF, with a note in the margin where each printed value comes from.

An office checks a change of a template with it at a glance: what is marked comes from the case, the rest are the template's
words. It is no paper of a file, so it is neither PDF/A with a manifest nor part of a bundle.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from bundler.case.model import Case
from bundler.documents.definitions import DOCUMENTS, build_title, find_missing_fields, list_copies
from bundler.errors import CaseError
from bundler.profile import Profile

_IDENTIFIER = b"bundler-review\0\0"


def review_pdf(case: Case, profile: Profile, templates: Path) -> bytes:
    """Typeset every paper that a case can fill, its values marked; each paper has an entry in the outline.

    Raises:
        CaseError: the case can fill no paper.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
    """
    # Imported here: only the worker loads what typesetting needs.
    import pikepdf

    from bundler.typeset.typesetter import Typesetter
    from bundler.word.docx_reader import read_blocks

    drafts = list(_draft_sourced(case, profile, templates))
    if not drafts:
        raise CaseError("本案还没有能够起草的文书。", fix="请先填写登记事项。")
    typesetter = Typesetter()
    keys = [f"p{number}" for number in range(len(drafts))]
    typesetter.typeset_papers([(key, read_blocks(word)) for key, (_, word) in zip(keys, drafts, strict=True)])
    data, ranges = typesetter.write(keys, "文书校对稿", _IDENTIFIER, None)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_outline() as outline:
            for key, (title, _) in zip(keys, drafts, strict=True):
                outline.root.append(pikepdf.OutlineItem(title, ranges[key][0]))
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _draft_sourced(case: Case, profile: Profile, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Each paper's title and Word file, its values marked with their sources."""
    from bundler.documents.drafting import draft_document

    for document in DOCUMENTS.values():
        if not find_missing_fields(document.id, case, profile.regulation):
            for copy in list_copies(document, case):
                word = draft_document(case, document, profile, templates, copy, packed=False, sourced=True)
                yield build_title(document, case), word
