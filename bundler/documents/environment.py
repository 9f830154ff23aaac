"""The language of templates: Jinja2 in a sandbox, with the few filters that write dates and numbers as a court does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_NUMERALS = "一二三四五六七八九十"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Plain data only: nothing that a template names can be called."""

    def is_safe_callable(self, obj: object) -> bool:
        """No call at all."""
        del obj
        return False


def _day(value: str) -> str:
    day = date.fromisoformat(value[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(value: str) -> str:
    hour, minute = value[11:13], value[14:16]
    return f"{_day(value)}{int(hour)}时{minute}分"


def _formal_day(value: str) -> str:
    """A day in Chinese numerals (汉字日期), as 二〇二一年九月十七日."""
    day = date.fromisoformat(value[:10])
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日"


def _box(chosen: object) -> str:
    """A box of a form, ticked or not."""
    return "☑" if chosen else "□"


def _numeral(value: int) -> str:
    """A Chinese ordinal, 1 to 99."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def sandbox(finalize: Callable[[object], object] | None = None) -> ImmutableSandboxedEnvironment:
    """An environment in which a template reads plain data, escaped, and an undefined name is an error.

    Args:
        finalize: what is done to each value before it is printed.
    """
    environment = _Sandbox(undefined=StrictUndefined, autoescape=True, finalize=finalize)
    environment.filters |= {
        "day": _day,
        "hanzi": _formal_day,
        "moment": _moment,
        "cn": _numeral,
        "box": _box,
        "names": "、".join,
    }
    environment.globals.clear()
    return environment


def explain(error: TemplateError) -> str:
    """What is wrong with a template, in Chinese."""
    if isinstance(error, SecurityError):
        return "里面有调用，模板里只能取值"
    if isinstance(error, TemplateSyntaxError):
        return f"第 {error.lineno} 行的标记写得不对（{error.message}）"
    named = re.findall(r"'([^']*)'", error.message or "")
    if isinstance(error, UndefinedError) and named:
        return f"没有“{named[-1]}”这个名称"
    return error.message or "标记写得不对"
