"""Text for papers that leave the file: findings without names of keys, letters in the third person, personal data masked."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from bundler.case.identifiers import masked
from bundler.case.json_pointer import describe_pointer, field_title

_QUOTATION = re.compile("(“[^”]*”)")
_POINTER = re.compile(r"/[a-z_]+(?:/[a-z_0-9]+)*")
_KEY = re.compile(r"(?<![A-Za-z_.])[a-z][a-z_]+(?:\.[a-z_]+)*")
_LATIN_NOTE = re.compile(r"（[^（）“”]*[a-z_]{3,}[^（）“”]*）")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SPACE_BESIDE_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])")
_UNTRANSLATED = frozenset({"docx", "dpi", "pdf"})

_YOU = re.compile("你们|你公司|你单位|你")


_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_BEFORE_TERM = re.compile(
    r"(?:(?<![截，。；：])(?<!截止)(?<=.)至|(?:期限|期限届满日|届满日|到期日|截止日|截止日期)(?:为|是))$"
)
_AFTER_TERM = re.compile(r"(?:以前|之前|前)(?![^，。；]*已)|止(?!，)|(?:到期|届满)(?!后)")


def in_third_person(text: str | None, *, us: str = "本院", own_day: str = "答复意见书作出之日") -> str | None:
    """Rewrite a text of the reply for other readers: 信访人 for 你.

    Args:
        text: a text addressed to the petitioner; None and an empty one give None.
        us: how the paper calls the court, instead of 本院.
        own_day: what the paper says for 本意见书作出之日; a paper older than the reply says its own day, such as 呈批之日.
    """
    if not text:
        return None
    told = _YOU.sub("信访人", text).replace("本意见书作出之日", own_day).replace("本意见书", "答复意见书")
    return masked(told.replace("本院", us))


def tells_later(text: str | None, day: date | None) -> bool:
    """Whether a text names a day after the given one; a day without its year has that of the day before it.

    A later day that is a term was known before it came: 租期至12月31日, 12月1日前腾空, 期限为12月1日, 12月31日到期.
    Not so 截至12月1日, and 12月1日前已腾空.
    """
    return day is not None and any(
        told > day for told, start, end in _find_days(text) if not _is_term(text, start, end)
    )


def _is_term(text: str | None, start: int, end: int) -> bool:
    """Whether the words around a day make it a term."""
    before, after = (text or "")[:start], (text or "")[end:]
    return bool(_BEFORE_TERM.search(before) or _AFTER_TERM.match(after))


def list_days_told(text: str | None) -> Iterator[tuple[date, str]]:
    """Yield each day that a text names, with the words up to the next one; without a year it has that of the day before."""
    found = list(_find_days(text))
    for (day, _, end), following in zip_longest(found, found[1:]):
        yield day, (text or "")[end : following[1] if following else None]


def _find_days(text: str | None) -> Iterator[tuple[date, int, int]]:
    """Yield each day with the places where it begins and ends."""
    year: int | None = None
    for one in _DAY.finditer(text or ""):
        year = int(one[1]) if one[1] else year
        with contextlib.suppress(ValueError):  # 2月30日 is no day
            if year:
                yield date(year, int(one[2]), int(one[3])), one.start(), one.end()


def name_procedure(name: str) -> str:
    """A procedure's name without brackets and without 程序, which the sentence adds: 变更、追加被执行人."""
    return name.removesuffix("程序").replace("（追加）", "、追加")


def first_sentence(text: str | None) -> str | None:
    """A text's first sentence without its full stop."""
    return (text or "").partition("。")[0].strip() or None


def to_plain_language(text: str) -> str:
    """Rewrite a finding's message or fix without names of keys and commands; a quotation in “” is only masked."""
    text = _LATIN_NOTE.sub("", text.removeprefix("请")).replace("成卷", "装订")
    text = re.sub(r"在 case\.json (?:的 \S+ |里)", "", text).replace("case.json", "案件数据")
    parts = [part if part.startswith("“") else _translate_names(part) for part in _QUOTATION.split(text)]
    return masked("".join(parts))


def _translate_names(text: str) -> str:
    text = _ISO_DAY.sub(lambda found: f"{int(found[1])}年{int(found[2])}月{int(found[3])}日", text)
    text = _POINTER.sub(lambda found: describe_pointer(found[0]), text)
    text = _KEY.sub(lambda found: _translate_name(found[0]), text)
    return _SPACE_BESIDE_CHINESE.sub("", text)


def _translate_name(name: str) -> str:
    """The title of a key, or of the last key of a path such as people.leader."""
    if name in _UNTRANSLATED:
        return name
    *above, _ = name.split(".")
    return field_title(name) if not above else describe_pointer("/" + name.replace(".", "/")).rpartition("的")[2]
