"""The sections of a regulation's file (TOML), validated: articles, limits, grounds, refusals, items, materials, orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bundler.regulation.papers import Item

Text = Annotated[str, Field(min_length=1, max_length=500)]


class Section(BaseModel):
    """A section of the file; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Article(Section):
    """One article.

    Attributes:
        name: its name in findings, such as 第十三条.
        cite: how documents cite it, where that differs.
        rules: the codes of the rules that check it, each with what it requires.
        paragraphs: the codes of the rules of each paragraph (款), where the notice of return names it.
    """

    name: Text
    cite: str = ""
    rules: dict[str, Text] = {}
    paragraphs: dict[str, tuple[str, ...]] = {}

    @property
    def citation(self) -> str:
        """How documents cite it."""
        return self.cite or self.name


class Duties(Section):
    """The articles of duties that messages and documents cite, by name.

    Attributes:
        petition: what a petition is.
        registration: the registered facts.
        appointments: visits by appointment.
        inquiry: inquiries and hearings.
        relief: judicial relief.
        handling: transfer, interview, approval and reply.
        assignment: assignment by another body, its feedback, and matters that are another court's.
        ledgers: the three ledgers.
        figures: the figures of assessment.
    """

    petition: Text
    registration: Text
    appointments: Text
    inquiry: Text
    relief: Text
    handling: Text
    assignment: Text
    ledgers: Text
    figures: Text


class Limit(Section):
    """A limit of days.

    Attributes:
        days: the number of days; the first one is not counted.
        kind: calendar days (日), whose last one rolls over holidays, or working days (工作日).
        start: the day from which it runs: receipt (T0), or the handler's receipt (T1).
    """

    days: Annotated[int, Field(strict=True, ge=1, le=1000)]
    kind: Literal["calendar", "working"]
    start: Literal["received", "handed"] = "handed"

    @property
    def text(self) -> str:
        """As a document prints it: 5日, 40个工作日."""
        return f"{self.days}{self.unit}"

    @property
    def spaced(self) -> str:
        """As a message says it: 5 日, 40 个工作日."""
        return f"{self.days} {self.unit}"

    @property
    def unit(self) -> str:
        """The unit of the days."""
        return "个工作日" if self.kind == "working" else "日"


class Limits(Section):
    """The limits of a petition.

    Attributes:
        transfer: the petition goes to the handler.
        interview: the handler interviews the petitioner.
        reply: the court replies.
        feedback_draft: the handler hands in the feedback so long before it is due.
        superior: the limit of a superior court, which is reported and never enforced; None where the court has none.
    """

    transfer: Limit
    interview: Limit
    reply: Limit
    feedback_draft: Limit
    superior: Limit | None = None


SHIPPED_GROUNDS = 8
"""The grounds of acceptance that case.json can name under every regulation."""
MOST_GROUNDS = 30
"""The most grounds, of acceptance or of refusal, that a regulation can have."""
SHIPPED_REFUSALS = 7
"""The grounds of refusal whose facts and wording the tool knows; others are worded in the regulation's file."""


class Acceptance(Section):
    """The grounds of acceptance (受理事由), in order."""

    article: Text
    grounds: Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_GROUNDS)]


NOTICE_FACTS = {
    "case_numbers": "所反映的执行案号",
    "matter": "反映的事项",
    "competent_body": "有权机关",
    "remedy": "救济途径",
    "standing_checked": "核对方式",
    "procedure_name": "程序名称",
    "judgment_no": "执行依据文号",
    "enforcing_court": "现执行法院",
    "superior_court": "上级法院",
    "instrument": "文书名称及文号",
    "new_case_no": "现执行案号",
    "department": "移送部门",
    "moved_on": "移送日期",
    "moved_no": "移送文号",
    "talked_on": "沟通日期",
}
"""The facts of a refusal that the words of a notice may name, with their Chinese names."""
NOTICE_YOU = "you"
"""The name for 你, 你们, 你公司 or 你单位 in the words of a notice."""
_BLANK = re.compile(r"\{([^{}]*)\}")


class NoticeWords(Section):
    """What the notice of refusal says on a ground of the court's own; ``{matter}`` and the like stand for facts.

    Attributes:
        found: what was found.
        explained: why the petition cannot be taken up.
        remedy: what the petitioner can do instead.
    """

    found: Text
    explained: Text
    remedy: Text

    @property
    def names(self) -> tuple[str, ...]:
        """The names in braces, in order, each once."""
        words = f"{self.found}{self.explained}{self.remedy}"
        return tuple(dict.fromkeys(blank[1] for blank in _BLANK.finditer(words)))

    def fill(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """The three passages with values for the names in braces."""
        found, explained, remedy = (
            _BLANK.sub(lambda blank: values[blank[1]], words) for words in (self.found, self.explained, self.remedy)
        )
        return found, explained, remedy


class Refusal(Section):
    """One ground on which a petition may be declined.

    Attributes:
        ground: its code in case.json, which decides the facts that are asked and the wording of the notice.
        text: the regulation's words.
        requires: what the rule requires, in Chinese.
        papers: the papers that prove it.
        explained: whether a receipt or record must show that the petitioner was told.
        remedy: whether the remedy that the petitioner was told must be stated.
        notice: what the notice says on a ground of the court's own; the templates have it for the other grounds.
    """

    ground: Annotated[int, Field(strict=True, ge=1, le=MOST_GROUNDS)]
    text: Text
    requires: Text
    papers: tuple[Item, ...] = ()
    explained: StrictBool = True
    remedy: StrictBool = False
    notice: NoticeWords | None = None


class Refusals(Section):
    """The grounds on which a petition may be declined, in the order of their numbers."""

    article: Text
    items: Annotated[tuple[Refusal, ...], Field(min_length=1)]


class ListedPaper(Section):
    """A paper that a list of the regulation names.

    Attributes:
        paper: its id.
        label: the regulation's words for it.
        requires: what the rule requires; empty: the text of its group of rules.
        may_be_absent: 确无此件 may be declared.
        dated: it does not count without one of its dates.
        fix: what the clerk should do when it is missing and cannot be drafted.
    """

    paper: Item
    label: Text
    requires: str = ""
    may_be_absent: StrictBool = False
    dated: StrictBool = False
    fix: str = ""


class Archive(Section):
    """The items of the petition archive (信访档案), in order."""

    article: Text
    items: Annotated[tuple[ListedPaper, ...], Field(min_length=1)]


class WriteOff(Section):
    """The materials of a write-off (核销), in order."""

    article: Text
    materials: Annotated[tuple[ListedPaper, ...], Field(min_length=1)]


class Binding(Section):
    """The order in which a bundle binds its papers; that of a write-off follows from the archive's."""

    archive: tuple[Item, ...]
    declined: tuple[Item, ...]
