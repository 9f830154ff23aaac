"""Fill every template with the sample cases and with example views, and report what fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from jinja2 import Template, TemplateError
from lxml import etree

from bundler.bind.binding_order import arrange_papers, number_papers, papers_of
from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.cover_and_index.arranged_volume import Volume
from bundler.cover_and_index.cover_index_notes import (
    build_absent_view,
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.documents.definitions import (
    DOCUMENTS,
    find_missing_fields,
    find_moment,
    find_samples_folder,
    list_copies,
)
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.shared_template_passages import load_blocks
from bundler.documents.views.case_return_notice import build_return_view
from bundler.documents.views.case_view import build_case_view
from bundler.documents.views.reception_register import build_reception_line, build_reception_register_view
from bundler.documents.views.record_fields import fields_by_name
from bundler.documents.views.reminder_notice import build_reminder_line, build_reminder_view
from bundler.documents.views.submission_letter import build_submission_view
from bundler.documents.word_template import WordTemplate
from bundler.file_inspection_record import PDF, WORD, FileRecord
from bundler.gate.check import kind_of
from bundler.profile import Profile
from bundler.regulation.findings import finding
from bundler.regulation.papers import Item
from bundler.template_check.example_views import example_views
from bundler.template_check.problem_report import TemplateProblem
from bundler.template_check.read_template_parts import template_parts
from bundler.template_check.template_contracts import Contract, contracts
from bundler.template_check.tokens import list_tags

_ENVIRONMENT = create_environment()
_ABSENT_NOTE = "pages/absent_note.html"
_BATCH_DAY, _BUNDLE_PAGES = date(2021, 12, 20), 52
"""The day of a batch and the page count of a bundle, which a sample case does not have."""


def fill_templates(folder: Path, profile: Profile, names: list[str]) -> list[TemplateProblem]:
    """Fill templates with every sample case and every example view; report the first failure of each.

    Args:
        folder: the folder of templates.
        profile: the court.
        names: the templates to fill, relative to the folder.
    """
    cases = sample_cases()
    known = contracts()
    return [problem for name in names for problem in _fill_template(folder, name, known[name], cases, profile)]


def _fill_template(
    folder: Path, name: str, contract: Contract, cases: dict[str, Case], profile: Profile
) -> Iterator[TemplateProblem]:
    try:
        compiled = _compile_template(folder / name)
        examples = example_views(contract, _used_names(folder / name))
    except (TemplateError, OSError, KeyError, ValueError) as error:
        explanation = explain_error(error) if isinstance(error, TemplateError) else "文件结构读不懂"
        yield TemplateProblem(name, "", 0, "", f"填不了：{explanation}", "用 Word 打开后另存，再检查一次")
        return
    views = [(f"样本 {sample}", view) for sample, case in cases.items() for view in sample_views(name, case, profile)]
    parsed_count = len(views) + 2  # the first two examples, all present and all absent, take every tag both ways
    views += [(f"模型生成的第 {count} 组值", view) for count, view in enumerate(examples, start=1)]
    for count, (source, view) in enumerate(views):
        failure = _find_failure(compiled, view, is_xml=name.endswith(".docx") and count < parsed_count)
        if failure:
            message = f"用{source}试填失败：{failure}"
            yield TemplateProblem(name, "", 0, "", message, "请检查模板里的名称和标记")
            return


def _compile_template(path: Path) -> list[Template]:
    """Compile the parts of a template from the source that Jinja gets when a document is drafted."""
    sources = docx_sources(path) if path.suffix == ".docx" else [path.read_text(encoding="utf-8")]
    return [_ENVIRONMENT.from_string(source) for source in sources]


def docx_sources(path: Path) -> list[str]:
    """Return the XML that docxtpl passes to Jinja: body, headers, footers."""
    document = WordTemplate(path)
    document.folder = path.parent
    document.init_docx()
    sources = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        sources += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
    return [document.patch_xml(source) for source in sources]


def _used_names(path: Path) -> frozenset[str]:
    """Return every word in the tags of a template."""
    parts = template_parts(path.name, path.read_bytes(), load_blocks(path.parent))
    return frozenset(re.findall(r"\w+", " ".join(tag for part in parts for tag in list_tags(part.tokens))))


def _find_failure(compiled: list[Template], view: object, *, is_xml: bool) -> str:
    """Fill a template with a view; return why it fails, or an empty text."""
    fields = fields_by_name(view)
    try:
        for template in compiled:
            text = template.render(fields)
            if is_xml:
                etree.fromstring(text)
    except TemplateError as error:
        return explain_error(error)
    except (TypeError, ValueError, KeyError, etree.XMLSyntaxError):
        return "填好以后不再是完整的 Word 文件"
    return ""


def sample_cases() -> dict[str, Case]:
    """Return the sample cases by name."""
    found = {}
    for path in sorted(find_samples_folder().glob("*/case.json")):
        case = validate_tree(json.loads(path.read_text(encoding="utf-8"))).case
        if case is not None:
            found[path.parent.name] = case
    return found


def sample_views(template: str, case: Case, profile: Profile) -> Iterator[object]:
    """Yield the views that a sample case gives a template: none, one, or one for each copy."""
    document = template.removesuffix(".docx")
    if document in DOCUMENTS:
        yield from _document_views(DOCUMENTS[document], case, profile)
    elif document in _BATCH_VIEWS:
        yield _BATCH_VIEWS[document](case, profile)
    elif template == _ABSENT_NOTE:
        volume = _sample_volume(case, profile)
        yield from (build_absent_view(volume, absent) for absent in case.absent)
    elif template in _PAGE_VIEWS:
        yield _PAGE_VIEWS[template](_sample_volume(case, profile))


def _document_views(document: DocumentDefinition, case: Case, profile: Profile) -> Iterator[object]:
    if not find_missing_fields(document.id, case, profile.regulation):
        for copy in list_copies(document, case):
            yield build_case_view(case, profile, find_moment(case, document.id), copy)


def _return_view(case: Case, profile: Profile) -> object:
    missing = finding("ART16-4", message="缺少受理告知送达回证", fix="补入送达回证", item=Item.ACCEPTANCE_SERVICE)
    kind, number = kind_of(case, None), case.registration.no
    return build_return_view(case, [missing], kind, profile, _BATCH_DAY, number=number, folder="样本")


def _reminder_view(case: Case, profile: Profile) -> object:
    due = date(2021, 12, 18)
    line = build_reminder_line(case, case.registration.no or "样本", "答复", due, today=_BATCH_DAY, reminded_on=())
    return build_reminder_view(case.handler_name, [line], profile, _BATCH_DAY)


_BATCH_VIEWS: dict[str, Callable[[Case, Profile], object]] = {
    "return_notice": _return_view,
    "reminder_notice": _reminder_view,
    "reception_register": lambda case, profile: build_reception_register_view(
        [build_reception_line(case, case.registration.no or "样本", None)], profile, _BATCH_DAY
    ),
    "submission_letter": lambda case, profile: build_submission_view([(case, _BUNDLE_PAGES)], profile, _BATCH_DAY),
}

_PAGE_VIEWS: dict[str, Callable[[Volume], object]] = {
    "pages/cover.html": build_cover_view,
    "pages/index.html": build_index_view,
    "pages/write_off_list.html": build_materials_list_view,
    "pages/closing_note.html": build_closing_view,
}


def _sample_volume(case: Case, profile: Profile) -> Volume:
    """Return a sample case as a volume whose papers have one page each."""
    records = {m.file: FileRecord(m.file, media_type=WORD if m.file.endswith(".docx") else PDF) for m in case.materials}
    kind = kind_of(case, None)
    sections = arrange_papers(case, kind, records, profile.regulation)
    folios = number_papers(sections, {paper.key: 1 for paper in papers_of(sections)})
    return Volume(case, profile, kind, sections, folios)
