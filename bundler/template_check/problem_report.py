"""The problems of a folder of templates, and their output formats: text, JSON, GitHub and JUnit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from bundler.template_check.tokens import BLOCKS_PART, Part, PartProblem

_CONTEXT = 14
"""The number of characters before and after a tag that a message quotes."""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A problem of a template, with its place in the file.

    Attributes:
        template: the file, relative to the folder of templates.
        part: Chinese name of the part: body, header, footer, notes, properties; empty for the whole file.
        paragraph: counted from 1; for a page, the line; 0 for the whole part.
        expression: the tag at fault as the file has it.
        context: the text around the tag.
        unit: the Chinese word for what is counted, paragraph or line.
        code: the kind of a warning, which lets the template pass; empty for a problem, which does not.
    """

    template: str
    part: str
    paragraph: int
    expression: str
    message: str
    suggestion: str
    context: str = ""
    unit: str = "段"
    code: str = ""

    @property
    def is_warning(self) -> bool:
        """Whether a template with it may be used."""
        return bool(self.code)

    @property
    def place(self) -> str:
        """Part, paragraph and context in one Chinese phrase."""
        if not self.paragraph:
            return self.part or "整个文件"
        context = f"（“{self.context}”）" if self.context else ""
        return f"{self.part}第{self.paragraph}{self.unit}{context}"

    @property
    def description(self) -> str:
        """Place, message and suggestion in one Chinese sentence."""
        return f"{self.place}：{self.message}" + (f"。建议：{self.suggestion}" if self.suggestion else "")

    def as_json(self) -> dict[str, str | int]:
        """Return the object that ``--format json`` prints; a warning says so and gives its code."""
        kind = {"severity": "warning", "code": self.code} if self.is_warning else {}
        return {
            "template": self.template,
            "part": self.part,
            "paragraph": self.paragraph,
            "expression": self.expression,
            "message": f"{self.place}：{self.message}",
            "suggestion": self.suggestion,
            **kind,
        }


def locate_problem(template: str, part: Part, problem: PartProblem) -> TemplateProblem:
    """Return a problem of a part as a problem of its template, or of the file of building blocks that it comes from."""
    return TemplateProblem(
        problem.location.block_file or template,
        BLOCKS_PART if problem.location.block_file else part.name,
        problem.location.number,
        problem.expression,
        problem.message,
        problem.suggestion,
        _find_context(problem.location.text, problem.expression),
        "行" if part.by_lines else "段",
    )


def _find_context(text: str, expression: str) -> str:
    """Return a tag with the text around it, shortened."""
    start = max(text.find(expression), 0)
    end = start + len(expression)
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    head, tail = ("…" if start > _CONTEXT else ""), ("…" if end + _CONTEXT < len(text) else "")
    return f"{head}{before}{text[start:end]}{after}{tail}".strip()


def format_text(problems: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """Return Chinese text for a person."""
    del folder
    lines = []
    for problem in problems:
        lines.append(f"{problem.template}　{problem.place}")
        lines += [f"    {problem.expression}"] if problem.expression else []
        lines.append(f"    {f'⚠ [{problem.code}]' if problem.is_warning else '✗'} {problem.message}")
        lines += [f"    → {problem.suggestion}"] if problem.suggestion else []
    faults = [problem for problem in problems if not problem.is_warning]
    broken, warnings = len({problem.template for problem in faults}), len(problems) - len(faults)
    total = f"，{broken} 个有问题，共 {len(faults)} 处" if faults else "，全部通过"
    total += f"；提醒 {warnings} 处，请人看一看是不是写错了。" if warnings else "。"
    return "\n".join([*lines, f"{len(templates)} 个模板{total}"])


def format_json(problems: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """Return a JSON array."""
    del folder, templates
    return json.dumps([problem.as_json() for problem in problems], ensure_ascii=False, indent=2)


def format_github(problems: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """Return GitHub workflow commands, which annotate the file."""
    del templates
    return "\n".join(
        f"::{'warning' if problem.is_warning else 'error'} file={_escape_property(str(folder / problem.template))},line={max(problem.paragraph, 1)},"
        f"title={_escape_property(problem.expression or problem.template)}::{_escape_data(problem.description)}"
        for problem in problems
    )


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def format_junit(problems: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """Return a JUnit report with a test case for each template."""
    del folder
    names = list(dict.fromkeys([*templates, *(problem.template for problem in problems)]))
    broken = {problem.template for problem in problems if not problem.is_warning}
    suite = ET.Element("testsuite", name="bundler templates check", tests=str(len(names)), failures=str(len(broken)))
    for name in names:
        case = ET.SubElement(suite, "testcase", classname="templates", name=name)
        own = [problem for problem in problems if problem.template == name and not problem.is_warning]
        warnings = [problem for problem in problems if problem.template == name and problem.is_warning]
        if warnings:
            ET.SubElement(case, "system-out").text = "\n".join(f"[{one.code}] {one.description}" for one in warnings)
        if own:
            failure = ET.SubElement(case, "failure", message=f"{len(own)} 处问题")
            failure.text = "\n".join(f"{problem.expression}　{problem.description}" for problem in own)
    return ET.tostring(suite, encoding="unicode", xml_declaration=False)


REPORT_FORMATS = {"text": format_text, "json": format_json, "github": format_github, "junit": format_junit}
