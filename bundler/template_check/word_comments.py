"""Put the problems of Word templates into copies of them as Word comments (批注), each at the place of the fault."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from docx import Document
from docx.text.run import Run
from lxml import etree

from bundler.reproducible_zip import reproducible_zip
from bundler.template_check.problem_report import TemplateProblem
from bundler.template_check.read_template_parts import BODY_PART, W, paragraph_text
from bundler.template_check.tokens import BLOCKS_PART
from bundler.word.docx_package import PackageError, read_parts

_AUTHOR, _INITIALS = "模板检查", "检"
_ANCHORED_PARTS = frozenset({BODY_PART, BLOCKS_PART})
"""Word has no comments in headers, footers and properties: those faults are told at the first paragraph."""
_RUN, _TEXT, _PROPERTIES = f"{W}r", f"{W}t", f"{W}rPr"


def commented_copies(folder: Path, problems: Sequence[TemplateProblem]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and a commented copy of each Word template that has a problem and can be opened.

    Args:
        folder: the folder of templates.
        problems: what the check found.
    """
    for name in dict.fromkeys(problem.template for problem in problems if problem.template.endswith(".docx")):
        try:
            data = (folder / name).read_bytes()
            read_parts(data)
        except (OSError, PackageError):
            continue
        yield name, add_comments(data, [problem for problem in problems if problem.template == name])


def add_comments(data: bytes, problems: Sequence[TemplateProblem]) -> bytes:
    """Return a copy of a Word file with a comment for each problem."""
    document = Document(io.BytesIO(data))
    paragraphs = list(document.element.iter(f"{W}p"))
    for problem in problems:
        is_placed = problem.part in _ANCHORED_PARTS and 0 < problem.paragraph <= len(paragraphs)
        paragraph = paragraphs[problem.paragraph - 1 if is_placed else 0]
        runs = _runs_of(paragraph, problem.expression if is_placed else "")
        text = _comment_text(problem, "" if is_placed else f"{problem.place}：")
        document.add_comment([Run(run, None) for run in runs], text=text, author=_AUTHOR, initials=_INITIALS)  # type: ignore[arg-type] # a run needs its parent for styles alone
    target = io.BytesIO()
    document.save(target)
    return reproducible_zip(target.getvalue())


def _comment_text(problem: TemplateProblem, place: str) -> str:
    """What is wrong, and what to do; after the place where the comment cannot stand at it."""
    lines = [f"{'提醒：' if problem.is_warning else ''}{place}{problem.message}"]
    if problem.suggestion:
        lines.append(f"改法：{problem.suggestion}")
    return "\n".join(lines)


def _runs_of(paragraph: Any, expression: str) -> list[Any]:  # noqa: ANN401 (an lxml element)
    """Return the runs that hold an expression and nothing else; all runs of the paragraph where it is not found."""
    start = paragraph_text(paragraph).find(expression) if expression else -1
    if start >= 0:
        _split_at(paragraph, start)
        _split_at(paragraph, start + len(expression))
        found = [run for run, position in _positions(paragraph) if start <= position < start + len(expression)]
        if found:
            return found
    runs = _own_runs(paragraph)
    if not runs:
        runs = [etree.SubElement(paragraph, _RUN)]
    return runs


def _own_runs(paragraph: Any) -> list[Any]:  # noqa: ANN401 (an lxml element)
    """The runs of a paragraph, without those of text boxes in it."""
    return [run for run in paragraph.iter(_RUN) if next(run.iterancestors(f"{W}p")) is paragraph]


def _positions(paragraph: Any) -> Iterator[tuple[Any, int]]:  # noqa: ANN401 (an lxml element)
    """Yield the runs with text, each with the place of its first character in the paragraph's text."""
    position = 0
    for run in _own_runs(paragraph):
        length = sum(_length(child) for child in run)
        if length:
            yield run, position
        position += length


def _length(child: Any) -> int:  # noqa: ANN401 (an lxml element)
    """How many characters `paragraph_text` has for an element of a run."""
    if child.tag == _TEXT:
        return len(child.text or "")
    return 1 if child.tag in {f"{W}tab", f"{W}br", f"{W}cr"} else 0


def _split_at(paragraph: Any, place: int) -> None:  # noqa: ANN401 (an lxml element)
    """Split the run in which a character stands, so that the character begins a run."""
    for run, position in list(_positions(paragraph)):
        offset = place - position
        if 0 < offset < sum(_length(child) for child in run):
            run.addnext(_cut_off(run, offset))
            return


def _cut_off(run: Any, offset: int) -> Any:  # noqa: ANN401 (an lxml element)
    """Take what follows the first characters out of a run, and return it as a run that looks the same."""
    rest = run.makeelement(_RUN, dict(run.attrib))
    properties = run.find(_PROPERTIES)
    if properties is not None:
        rest.append(deepcopy(properties))
    position = 0
    for child in [one for one in run if one.tag != _PROPERTIES]:
        length = _length(child)
        if position >= offset:
            rest.append(child)
        elif position + length > offset:
            second = deepcopy(child)
            child.text, second.text = child.text[: offset - position], child.text[offset - position :]
            for part in (child, second):
                part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            rest.append(second)
        position += length
    return rest
