"""After the proof, the trial: every template filled with every sample, and with views made from the model's types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from lxml import etree

from bundler.case.model import Case
from bundler.documents.jinja_environment import explain, sandbox
from bundler.documents.views.fields import fields_by_name
from bundler.profile import Profile
from bundler.template_check.contract import Contract
from bundler.template_check.contracts import contracts
from bundler.template_check.example_views import example_views
from bundler.template_check.part import marks
from bundler.template_check.problem_report import TemplateProblem
from bundler.template_check.reading import template_parts
from bundler.template_check.samples import sample_cases, sample_views

_ENVIRONMENT = sandbox()


def try_folder(folder: Path, profile: Profile, names: list[str]) -> list[TemplateProblem]:
    """Fill each of these templates with everything there is; what fails is told with what it was filled with."""
    cases = sample_cases()
    known = contracts()
    return [found for name in names for found in _try(folder, name, known[name], cases, profile)]


def _try(
    folder: Path, name: str, contract: Contract, cases: dict[str, Case], profile: Profile
) -> Iterator[TemplateProblem]:
    try:
        compiled = _compiled(folder / name)
        made = example_views(contract, _mentioned(folder / name))
    except (TemplateError, OSError, KeyError, ValueError) as error:
        yield TemplateProblem(name, "", 0, "", _why(error), "用 Word 打开后另存，再检查一次")
        return
    filled = [(f"样本 {sample}", view) for sample, case in cases.items() for view in sample_views(name, case, profile)]
    whole = len(filled) + 2  # with everything there and nothing there, marks have been put in every way that they can
    filled += [(f"模型生成的第 {count} 组值", view) for count, view in enumerate(made, start=1)]
    for count, (what, view) in enumerate(filled):
        problem = _problem(compiled, view, is_xml=name.endswith(".docx") and count < whole)
        if problem:
            yield TemplateProblem(name, "", 0, "", f"用{what}试填失败：{problem}", "请检查模板里的名称和标记")
            return


def _why(error: Exception) -> str:
    return f"填不了：{explain(error)}" if isinstance(error, TemplateError) else "填不了：文件结构读不懂"


def _compiled(path: Path) -> list[Template]:
    """A template's parts, made ready as the filling of a paper makes them ready."""
    if path.suffix != ".docx":
        return [_ENVIRONMENT.from_string(path.read_text(encoding="utf-8"))]
    return [_ENVIRONMENT.from_string(source) for source in docx_sources(path)]


def docx_sources(path: Path) -> list[str]:
    """What docxtpl gives Jinja to read: body, headers, footers."""
    document = DocxTemplate(path)
    document.init_docx()
    sources = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        sources += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
    return [document.patch_xml(source) for source in sources]


def _mentioned(path: Path) -> frozenset[str]:
    """Every word that stands in the marks of a template."""
    found = (marks(part.pieces) for part in template_parts(path.name, path.read_bytes()))
    return frozenset(re.findall(r"\w+", " ".join(mark for part in found for mark in part)))


def _problem(compiled: list[Template], view: object, *, is_xml: bool) -> str:
    try:
        for template in compiled:
            text = template.render(fields_by_name(view))
            if is_xml:
                etree.fromstring(text)
    except TemplateError as error:
        return explain(error)
    except (TypeError, ValueError, KeyError, etree.XMLSyntaxError):
        return "填好以后不再是完整的 Word 文件"
    return ""
