"""One fault of a template, as the command reports it."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.template_check.part import Part
from bundler.template_check.tokens import PartProblem

_AROUND = 14
"""So many characters before and after a mark tell which place is meant."""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A fault with its place.

    Attributes:
        template: the file, below the folder of templates.
        part: body, header, footer, notes, properties; empty for the whole file.
        paragraph: from 1; of a page, the line; 0 for the whole part.
        expression: the mark at fault, as it stands in the file.
        words: what stands around it.
    """

    template: str
    part: str
    paragraph: int
    expression: str
    message: str
    suggestion: str
    words: str = ""
    unit: str = "段"

    @property
    def place(self) -> str:
        """Part, paragraph, and the words around, in one phrase."""
        if not self.paragraph:
            return self.part or "整个文件"
        around = f"（“{self.words}”）" if self.words else ""
        return f"{self.part}第{self.paragraph}{self.unit}{around}"

    def as_json(self) -> dict[str, str | int]:
        """The contract's keys."""
        return {
            "template": self.template,
            "part": self.part,
            "paragraph": self.paragraph,
            "expression": self.expression,
            "message": f"{self.place}：{self.message}",
            "suggestion": self.suggestion,
        }


def finding(template: str, part: Part, flaw: PartProblem) -> TemplateProblem:
    """A part's flaw as a finding."""
    return TemplateProblem(
        template,
        part.name,
        flaw.place.number,
        flaw.expression,
        flaw.message,
        flaw.suggestion,
        _around(flaw.place.text, flaw.expression),
        "行" if part.by_lines else "段",
    )


def _around(text: str, expression: str) -> str:
    """The words around a mark, cut where they are many."""
    start = max(text.find(expression), 0)
    end = start + len(expression)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    head, tail = ("…" if start > _AROUND else ""), ("…" if end + _AROUND < len(text) else "")
    return f"{head}{before}{text[start:end]}{after}{tail}".strip()
