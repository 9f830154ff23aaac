"""A court's regulation as loaded from its file: its articles, rules, papers, limits and orders, by what asks for them.

It reaches the code on the court's profile (`Profile.regulation`). Ids of papers, codes of rules, and codes of grounds are
fixed names of the tool; numbers, names and lists are the regulation's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Literal, cast, get_args

from pydantic import Field

from bundler.regulation.file_sections import (
    Acceptance,
    Archive,
    Article,
    Binding,
    Duties,
    Limit,
    Limits,
    ListedPaper,
    Refusal,
    Refusals,
    Section,
    Text,
    WriteOff,
)
from bundler.regulation.findings import Finding
from bundler.regulation.papers import PAPER_KINDS, BundleKind, DateUse, Item, Paper, PaperKind
from bundler.regulation.rule_codes import (
    ARCHIVE_RULES,
    ARTICLE_RULES,
    GENERAL_RULES,
    REFUSAL_RULES,
    WRITE_OFF_RULES,
    Rule,
    severity_of,
)
from bundler.regulation.working_day_calendar import Due, calendar_days, working_days

NUMERALS = "零一二三四五六七八九十"
Topic = Literal[
    "acceptance",
    "refusal",
    "archive",
    "write_off",
    "petition",
    "registration",
    "appointments",
    "inquiry",
    "relief",
    "handling",
    "assignment",
    "ledgers",
    "figures",
]
"""What messages and documents cite an article for: the sections that name one, and the duties."""


RULE_BLANKS = ("transfer", "interview", "reply", "grounds")
"""The names that the text of a rule may have in braces: three limits, and the number of grounds of acceptance."""
_TOPICS = frozenset(get_args(Topic))
_MARK = re.compile(r"§([A-Z][A-Z0-9-]*[A-Z0-9]|g\d|[a-z_]+)")


def in_hanzi(number: int) -> str:
    """A number up to 99 in Chinese: 九, 十, 十二, 四十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else f"{'' if tens == 1 else NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones or not tens else "")


def count_days(limit: Limit, start: date) -> Due:
    """The last day of a limit that runs from a day."""
    return (working_days if limit.kind == "working" else calendar_days)(start, limit.days)


class Regulation(Section):
    """One regulation.

    Attributes:
        title, number, short: its title, its 文号, and how documents call it for short.
        articles: its articles, in order.
        sha256: the digest of its file.
    """

    title: Text
    number: Text
    short: Text
    articles: tuple[Article, ...]
    duties: Duties
    limits: Limits
    acceptance: Acceptance
    refusal: Refusals
    archive: Archive
    write_off: WriteOff
    binding: Binding
    sha256: str = Field("", exclude=True)

    def __hash__(self) -> int:
        """Of the digest, so that what depends on a regulation can be cached by it."""
        return hash(self.sha256)

    @cached_property
    def archive_items(self) -> tuple[Paper, ...]:
        """The items of a petition archive (信访档案内容), in the regulation's order."""
        return tuple(
            self._list_paper(listed, self.archive.article, ARCHIVE_RULES, number)
            for number, listed in enumerate(self.archive.items, start=1)
        )

    @cached_property
    def write_off_materials(self) -> tuple[Paper, ...]:
        """The materials of a write-off (核销), in the regulation's order."""
        return tuple(
            self._list_paper(listed, self.write_off.article, WRITE_OFF_RULES, number)
            for number, listed in enumerate(self.write_off.materials, start=1)
        )

    @cached_property
    def other_papers(self) -> tuple[Paper, ...]:
        """The papers that no list names; a rule may ask for them."""
        listed = {paper.item for paper in (*self.archive_items, *self.write_off_materials)}
        return tuple(
            _join(
                kind, label=kind.name, article=self._article_of(kind.asked_by), generated_for=self._generated_for(kind)
            )
            for kind in PAPER_KINDS.values()
            if kind.item not in listed
        )

    @cached_property
    def papers(self) -> dict[Item, Paper]:
        """Every paper: those of the archive's list, those of the write-off's, the others."""
        return {paper.item: paper for paper in (*self.archive_items, *self.write_off_materials, *self.other_papers)}

    def _list_paper(self, listed: ListedPaper, article: str, group: str, number: int) -> Paper:
        kind = PAPER_KINDS[listed.paper]
        return _join(
            replace(kind, date_use=DateUse.REQUIRED) if listed.dated else kind,
            label=listed.label,
            article=article,
            number=number,
            rule=_member(group, number),
            may_be_absent=listed.may_be_absent,
            declined_article=self.duties.registration if kind.item is Item.REGISTRATION else None,
            fix=listed.fix or f"请补送{listed.label}。",
            generated_for=self._generated_for(kind),
        )

    def _generated_for(self, kind: PaperKind) -> tuple[BundleKind, ...]:
        """The kinds of bundle that always have its document: only where the regulation or a rule asks for it."""
        archive = {listed.paper for listed in self.archive.items}
        write_off = archive | {listed.paper for listed in self.write_off.materials} | {Item.WRITE_OFF_REQUEST}
        asked = {BundleKind.ARCHIVE: archive, BundleKind.WRITE_OFF: write_off}
        return tuple(one for one in kind.generated_for if kind.item in asked.get(one, {kind.item}))

    def required_papers(self, kind: BundleKind) -> tuple[Paper, ...]:
        """The papers that its lists ask for; for a declined case the ground decides, so none are listed here."""
        if kind is BundleKind.DECLINED:
            return ()
        return (*self.archive_items, *(self.write_off_materials if kind is BundleKind.WRITE_OFF else ()))

    def generated_papers(self, kind: BundleKind) -> tuple[Paper, ...]:
        """The papers in whose place a document is bound where no file was given."""
        return tuple(paper for paper in self.papers.values() if kind in paper.generated_for)

    def binding_order(self, kind: BundleKind) -> tuple[Item, ...]:
        """The order in which a kind of bundle binds its papers; a write-off begins with the request and its materials."""
        if kind is BundleKind.DECLINED:
            return self.binding.declined
        if kind is BundleKind.ARCHIVE:
            return self.binding.archive
        archived = {paper.item for paper in self.archive_items}
        first = [paper.item for paper in self.write_off_materials if paper.item not in archived]
        head = (Item.WRITE_OFF_REQUEST, *first)
        return (*head, *(item for item in self.binding.archive if item not in head))

    def refusal_of(self, ground: int) -> tuple[int, Refusal] | None:
        """The number and the text of a ground of refusal by its code; None where the regulation has none such."""
        found = ((number, one) for number, one in enumerate(self.refusal.items, start=1) if one.ground == ground)
        return next(found, None)

    def refusal_number(self, ground: int) -> int:
        """The number of a ground of refusal; its code where the regulation has none such, which the gate reports."""
        found = self.refusal_of(ground)
        return found[0] if found else ground

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule that applies, in the order of the regulation, then those that come from none."""
        listed = {rule.id: rule for article in self.articles for rule in self._rules_of(article)}
        return listed | GENERAL_RULES

    def _rules_of(self, article: Article) -> Iterator[Rule]:
        paragraphs = {code: name for name, codes in article.paragraphs.items() for code in codes}
        for code, text in article.rules.items():
            for one, filled in self._expand(code, text):
                yield Rule(one, article.name, severity_of(one), filled, paragraphs.get(one) or paragraphs.get(code, ""))

    def _expand(self, code: str, text: str) -> Iterator[tuple[str, str]]:
        """A rule, or the rules of a group, each with its text filled in."""
        if code == REFUSAL_RULES:
            for refusal in self.refusal.items:
                yield _member(code, refusal.ground), text.replace("{requires}", refusal.requires)
        elif code in {WRITE_OFF_RULES, ARCHIVE_RULES}:
            listed = self.write_off.materials if code == WRITE_OFF_RULES else self.archive.items
            for number, paper in enumerate(listed, start=1):
                yield _member(code, number), paper.requires or text.replace("{label}", paper.label)
        else:
            limits = (self.limits.transfer.spaced, self.limits.interview.spaced, self.limits.reply.spaced)
            values = (*limits, f"{in_hanzi(len(self.acceptance.grounds))}项")
            for name, value in zip(RULE_BLANKS, values, strict=True):
                text = text.replace(f"{{{name}}}", value)
            yield code, text

    def _article_of(self, rule: str) -> str | None:
        """The article that lists a rule or group of rules; None where none does."""
        return next((article.name for article in self.articles if rule in article.rules), None)

    def name_of(self, topic: Topic) -> str:
        """The name of the article about a topic."""
        if topic in Duties.model_fields:
            name: str = getattr(self.duties, topic)
            return name
        sections = {
            "acceptance": self.acceptance.article,
            "refusal": self.refusal.article,
            "archive": self.archive.article,
            "write_off": self.write_off.article,
        }
        return sections[topic]

    def citation_of(self, topic: Topic) -> str:
        """How documents cite the article about a topic."""
        return self._citation(self.name_of(topic))

    def _citation(self, name: str) -> str:
        return next((article.citation for article in self.articles if article.name == name), name)

    def fill(self, text: str) -> str:
        """A text with its marks replaced: §handling by the article of a topic, §ART05 by that of a rule, §g3 by （三）.

        A mark of what the regulation does not have is left out, with the brackets around it.
        """
        filled = _MARK.sub(lambda mark: self._named(mark[1]), text)
        return text if filled == text else filled.replace("（、", "（").replace("、）", "）").replace("（）", "")

    def _named(self, mark: str) -> str:
        if mark == "absent":
            named = [paper.item.value for paper in self.papers.values() if paper.may_be_absent]
            return f"只有 {'、'.join(named)} {in_hanzi(len(named))}项可以。"
        if mark in _TOPICS:
            return self.citation_of(cast("Topic", mark))
        if mark.startswith("g"):
            found = self.refusal_of(int(mark[1:]))
            return f"（{in_hanzi(found[0])}）" if found else ""
        group, _, number = mark.rpartition("-")
        if f"{group}-n" == REFUSAL_RULES and number.isdecimal():
            refusal = self.refusal_of(int(number))
            return f"{self.citation_of('refusal')}第{in_hanzi(refusal[0])}项" if refusal else ""
        rule = self.rules.get(mark)
        return self._citation(rule.article or "") + rule.paragraph if rule else ""

    def cite(self, found: Finding) -> Finding | None:
        """The finding with its article; None where the regulation does not have the rule."""
        rule = self.rules.get(found.rule)
        return replace(found, article=rule.article) if rule else None

    def basis_of(self, found: Finding) -> str | None:
        """The article and paragraph that a finding rests on; for a faulty file, those that ask for its paper."""
        rule = self.rules.get(found.rule)
        if rule and rule.article:
            return rule.article + rule.paragraph
        paper = self.papers[found.item] if found.item else None
        if paper is None or paper.article is None:
            return None
        asking = self.rules.get(paper.rule or paper.asked_by)
        return paper.article + (asking.paragraph if asking else "")

    @cached_property
    def article_names(self) -> tuple[str, ...]:
        """The names of its articles, in order."""
        return tuple(article.name for article in self.articles)

    def sort_key(self, kind: BundleKind) -> Callable[[Finding], tuple[int, int, str, str, str]]:
        """The order of the findings of a kind of bundle: article (none last), paper as it is bound, path, rule.

        Papers that this kind has no place for come before 其他材料, as they are bound.
        """
        order, names = self.binding_order(kind), self.article_names
        end = order.index(Item.OTHER)
        unnamed = (item for item in Item if item not in order)
        places = {item: place for place, item in enumerate((*order[:end], *unnamed, *order[end:]))}

        def key(found: Finding) -> tuple[int, int, str, str, str]:
            article = names.index(found.article) if found.article in names else len(names)
            item = places[found.item] if found.item else len(places)
            return (article, item, found.path, found.rule, found.message)

        return key


def known_rules() -> tuple[str, ...]:
    """The codes that a regulation's file may list under an article."""
    return (*ARTICLE_RULES, WRITE_OFF_RULES, REFUSAL_RULES, ARCHIVE_RULES)


def _member(group: str, number: int) -> str:
    """The code of a rule of a group: ART16-3."""
    return f"{group.removesuffix('n')}{number}"


def _join(kind: PaperKind, **values: object) -> Paper:
    """A kind of paper as the regulation asks for it."""
    known = {name: getattr(kind, name) for name in PaperKind.__slots__}
    return Paper(**(known | values))
