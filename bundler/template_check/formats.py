"""The findings, written for a person, a program, GitHub or a CI server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from bundler.template_check.problem_report import TemplateProblem


def as_text(findings: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """For a person."""
    del folder
    lines = []
    for found in findings:
        lines.append(f"{found.template}　{found.place}")
        lines += [f"    {found.expression}"] if found.expression else []
        lines.append(f"    ✗ {found.message}")
        lines += [f"    → {found.suggestion}"] if found.suggestion else []
    broken = len({found.template for found in findings})
    end = f"{len(templates)} 个模板" + (f"，{broken} 个有问题，共 {len(findings)} 处。" if findings else "，全部通过。")
    return "\n".join([*lines, end])


def as_json(findings: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """For a program."""
    del folder, templates
    return json.dumps([found.as_json() for found in findings], ensure_ascii=False, indent=2)


def as_github(findings: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """Workflow commands, which GitHub shows at the file."""
    del templates
    return "\n".join(
        f"::error file={_property(str(folder / found.template))},line={max(found.paragraph, 1)},"
        f"title={_property(found.expression or found.template)}::{_data(_whole(found))}"
        for found in findings
    )


def _whole(found: TemplateProblem) -> str:
    return f"{found.place}：{found.message}" + (f"。建议：{found.suggestion}" if found.suggestion else "")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_junit(findings: Sequence[TemplateProblem], folder: Path, templates: Sequence[str]) -> str:
    """A JUnit report: a test case for each template."""
    del folder
    names = list(dict.fromkeys([*templates, *(found.template for found in findings)]))
    broken = {found.template for found in findings}
    suite = ET.Element("testsuite", name="bundler templates check", tests=str(len(names)), failures=str(len(broken)))
    for name in names:
        case = ET.SubElement(suite, "testcase", classname="templates", name=name)
        own = [found for found in findings if found.template == name]
        if own:
            failure = ET.SubElement(case, "failure", message=f"{len(own)} 处问题")
            failure.text = "\n".join(f"{found.expression}　{_whole(found)}" for found in own)
    return ET.tostring(suite, encoding="unicode", xml_declaration=False)


REPORT_FORMATS = {"text": as_text, "json": as_json, "github": as_github, "junit": as_junit}
