"""Fields under a label that is another field's: what stands in a table's cell, after a colon, or before a verb."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bundler.template_check.meaning.filled_text import paragraph_key
from bundler.template_check.meaning.printed_fields import canonical_path, printed_paths
from bundler.template_check.meaning.warning_kinds import LABEL, MeaningWarning
from bundler.template_check.name_hints import plain_title
from bundler.template_check.scope import ANY_ENTRY
from bundler.template_check.template_contracts import Contract
from bundler.template_check.tokens import Part, TagLevel, Token
from bundler.template_check.value_types import DateType, ListType, RecordType, present_members
from bundler.template_check.view_types import fields_of

_INLINE = re.compile(r"([\u4e00-\u9fff（）、]{2,10})[：:]\s*$")
_AFTER_DATE = ("收到", "受理", "送达", "交寄", "邮寄", "移送", "启动", "发放", "签署", "约谈", "退还", "出生")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_GENERAL = re.compile(r"日期|时间|姓名|名称|情况|意见|金额|期限|联系|号码|案件|……")
"""Words that labels of quite different fields share."""
_SPACES = re.compile(r"[\s　]")
_MOST_OWN_LABELS = 4
"""A value that stands under more labels than these belongs to none."""


@dataclass(frozen=True, slots=True)
class LabelledField:
    """Fields under a label.

    Attributes:
        label: without brackets and spaces.
        paths: the fields that are printed there.
        token: the first tag that prints one.
    """

    label: str
    paths: tuple[str, ...]
    token: Token


@dataclass
class KnownLabels:
    """Which fields stand under which labels, by the titles of the fields and by templates that are right.

    Attributes:
        fields: the fields of each label.
        labels: the labels of each field.
        titles: the title of each field.
        used: the labels that stand in templates; the others are titles alone.
    """

    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    titles: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def add(self, label: str, path: str) -> None:
        """Learn that a field stands under a label."""
        self.fields[label].add(path)
        self.labels[path].add(label)

    def learn(self, part: Part, contract: Contract) -> None:
        """Learn every label of a part."""
        for found in labelled_fields(part, contract):
            self.used.add(found.label)
            for path in found.paths:
                self.add(found.label, path)


def known_from_titles(view: type) -> KnownLabels:
    """Return the labels that the titles of a view's fields are."""
    known = KnownLabels()
    _add_titles(known, view, "", 0)
    return known


def _add_titles(known: KnownLabels, record: type, prefix: str, depth: int) -> None:
    for name, one in fields_of(record).items():
        path, title = f"{prefix}{name}", plain_title(one.title)
        known.add(title, canonical_path(path))
        known.titles.setdefault(canonical_path(path), title)
        for member in present_members(one.value_type):
            inner = (
                [item for item in member.item if isinstance(item, RecordType)] if isinstance(member, ListType) else []
            )
            if isinstance(member, RecordType) and depth < 2:  # noqa: PLR2004 (the depth at which titles still tell fields apart)
                _add_titles(known, member.type, f"{path}.", depth + 1)
            for item in inner:
                _add_titles(known, item.type, f"{path}.{ANY_ENTRY}.", depth + 2)


def find_wrong_labels(part: Part, contract: Contract, known: KnownLabels) -> Iterator[MeaningWarning]:
    """Yield fields that stand under a label of other fields, and have labels of their own."""
    for found in labelled_fields(part, contract):
        right = known.fields.get(found.label, set())
        if not right or any(_fits(path, found.label, right, known.titles.get(path, "")) for path in found.paths):
            continue
        strange = [path for path in found.paths if _belongs_elsewhere(path, found.label, known)]
        if strange:
            path = strange[0]
            message = f"“{found.label}”这里印的是“{path}”（{known.titles.get(path, '')}），不是这一栏的内容"
            suggestion = f"这一栏印的是：{'、'.join(sorted(right)[:3])}"
            yield MeaningWarning(LABEL, found.token.location, found.token.text, message, suggestion)


def _fits(path: str, label: str, right: set[str], title: str) -> bool:
    """Whether a field may stand under a label: it does elsewhere, or one of the same name does, or label and title share a word."""
    leaf = path.rpartition(".")[2]
    related = (
        one
        for one in right
        if path.startswith(f"{one}.") or one.startswith(f"{path}.") or one.rpartition(".")[2] == leaf
    )
    return path in right or next(related, None) is not None or _share_word(label, title)


def _share_word(one: str, other: str) -> bool:
    first, second = (_GENERAL.sub(" ", text) for text in (one, other))
    return any(
        first[place : place + 2] in second for place in range(len(first) - 1) if " " not in first[place : place + 2]
    )


def _belongs_elsewhere(path: str, label: str, known: KnownLabels) -> bool:
    own = known.labels.get(path, set()) & known.used
    return bool(own) and len(own) <= _MOST_OWN_LABELS and label not in own


def labelled_fields(part: Part, contract: Contract) -> Iterator[LabelledField]:
    """Yield what a part prints under a label: in a cell beside or below the label, after a colon, or before a verb."""
    tokens = part.tokens
    paths = printed_paths(tokens, frozenset(fields_of(contract.view)))
    dates = _date_names(contract.view)
    yield from _in_cells(tokens, paths)
    for index, token in enumerate(tokens):
        if not paths[index]:
            continue
        before = _words_before(tokens, index)
        inline = _INLINE.search(before)
        if inline is not None:
            yield LabelledField(plain_label(inline[1]), paths[index], token)
        after = _words_after(tokens, index)
        verb = next((one for one in _AFTER_DATE if after.startswith((one, f"已{one}"))), "")
        if verb and all(path.rpartition(".")[2] in dates for path in paths[index]):
            yield LabelledField(f"于……{verb}", paths[index], token)


def _date_names(view: type) -> set[str]:
    """The names of all fields that are days, in a view and its records."""
    found: set[str] = set()
    waiting, seen = [view], {view}
    while waiting:
        for name, one in fields_of(waiting.pop()).items():
            members = [
                item for member in present_members(one.value_type) for item in (member, *getattr(member, "item", ()))
            ]
            if any(isinstance(member, DateType) for member in members):
                found.add(name)
            records = {member.type for member in members if isinstance(member, RecordType)} - seen
            seen |= records
            waiting += records
    return found


def _words_before(tokens: Sequence[Token], index: int) -> str:
    """The words before a tag in its paragraph; conditions between them are passed over."""
    place = index - 1
    while place >= 0 and tokens[place].is_tag and tokens[place].keyword in {"if", "else", "elif"}:
        place -= 1
    if place < 0 or tokens[place].is_tag or paragraph_key(tokens[place]) != paragraph_key(tokens[index]):
        return ""
    return tokens[place].text


def _words_after(tokens: Sequence[Token], index: int) -> str:
    """The words that follow a tag in its paragraph at once."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None or following.is_tag or paragraph_key(following) != paragraph_key(tokens[index]):
        return ""
    return following.text


def plain_label(text: str) -> str:
    """Return a label without brackets, spaces and the colon."""
    return _SPACES.sub("", _BRACKETED.sub("", text)).rstrip("：:")


@dataclass
class _Cell:
    """A cell: the words of a label, or what is printed in it."""

    words: str = ""
    printed: list[tuple[tuple[str, ...], Token]] = field(default_factory=list)
    is_label: bool = True


def _in_cells(tokens: Sequence[Token], paths: Sequence[tuple[str, ...]]) -> Iterator[LabelledField]:
    """Yield the fields of each cell with the label to its left, or in the row of labels above it."""
    rows = _rows(tokens, paths)
    header: list[_Cell] = []
    for cells in rows:
        if all(cell.is_label for cell in cells):
            header = cells if len(cells) > 1 else header
            continue
        label = ""
        for place, cell in enumerate(cells):
            if cell.is_label:
                label = plain_label(cell.words)
                continue
            above = plain_label(header[place].words) if len(header) == len(cells) and not cells[0].is_label else ""
            shown = label or above
            own = tuple(path for printed, _ in cell.printed for path in printed)
            if shown and own and not _INLINE.search(cell.words):
                yield LabelledField(shown, own, cell.printed[0][1])
            label = ""


def _rows(tokens: Sequence[Token], paths: Sequence[tuple[str, ...]]) -> list[list[_Cell]]:
    rows: dict[int, dict[int, _Cell]] = {}
    for index, token in enumerate(tokens):
        containers: Mapping[TagLevel, int] = token.location.containers
        row = containers.get(TagLevel.CELL, 0)
        if not row or (token.is_tag and token.level is TagLevel.ROW):
            continue
        cell = rows.setdefault(row, {}).setdefault(containers.get(TagLevel.PARAGRAPH, 0), _Cell())
        if not token.is_tag:
            cell.words += token.text
        elif paths[index]:
            cell.printed.append((paths[index], token))
        if token.is_tag and token.source.strip():
            cell.is_label = False
    return [list(cells.values()) for cells in rows.values()]
