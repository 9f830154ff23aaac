"""The language of templates: Jinja2 in a sandbox, with the few filters that write dates and numbers as a court does."""

from __future__ import annotations

import hashlib
import marshal
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bundler import __version__
from bundler import cache as disk_cache

_NUMERALS = "一二三四五六七八九十"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Plain data only: nothing that a template names can be called, but a macro of its own."""

    language = ""

    def compile(self, source: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 (jinja2's own signature)
        """The code of a template's words, made once."""
        make = super().compile
        if args or options or not isinstance(source, str):
            return make(source, *args, **options)
        return compiled(source, self.language, make)

    def is_safe_callable(self, obj: object) -> bool:
        """A macro of the template's own, and nothing else."""
        return isinstance(obj, Macro)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _moment(value: datetime) -> str:
    return f"{_day(value)}{value.hour}时{value.minute:02}分"


def _formal_day(value: date) -> str:
    """A day in Chinese numerals (汉字日期), as 二〇二一年九月十七日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value.year))
    return f"{year}年{_numeral(value.month)}月{_numeral(value.day)}日"


def _year(value: date) -> str:
    return str(value.year)


def _box(chosen: object) -> str:
    """A box of a form, ticked or not."""
    return "☑" if chosen else "□"


def _numeral(value: int) -> str:
    """A Chinese ordinal, 1 to 99."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def _names(values: Sequence[str]) -> str:
    return "、".join(values)


def _first(values: Sequence[object]) -> object:
    """The first of several; none where there is none, which a template has to provide for."""
    return values[0] if values else None


FILTERS: dict[str, Callable[..., object]] = {
    "day": _day,
    "hanzi": _formal_day,
    "moment": _moment,
    "year": _year,
    "cn": _numeral,
    "box": _box,
    "names": _names,
    "first": _first,
    "length": len,
}
"""All the filters there are; what each takes and gives is told to the proof of the templates."""


def _printable(value: object) -> object:
    """A value that can stand on a paper: text or a number; never None, a bare date or a list."""
    if isinstance(value, str | Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TemplateRuntimeError("有一处的值没有填，或者不能直接印出来（日期、时间要写格式）")


@cache
def _own_words() -> str:
    """The digest of this module, whose filters the code of a template may have worked out beforehand."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def sandbox(finish: Callable[[object], object] = lambda value: value) -> ImmutableSandboxedEnvironment:
    """An environment in which a template reads plain data, escaped, and an undefined name is an error.

    Args:
        finish: what is done to each value before it is printed.
    """
    environment = _Sandbox(undefined=StrictUndefined, autoescape=True, finalize=lambda value: finish(_printable(value)))
    environment.language = f"{_own_words()} {finish.__qualname__}"
    environment.filters = dict(FILTERS)
    environment.tests = {"none": lambda value: value is None}
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


_LONG = 4000
"""Characters; a shorter template is compiled as quickly as it is read."""
_DIGEST = 32
_known: dict[str, CodeType] = {}


def compiled(source: str, language: str, make: Callable[[str], CodeType]) -> CodeType:
    """The code of a template.

    Args:
        source: the template's words.
        language: what else its code hangs on: the digest of the filters' own code, and how values are finished.
        make: compiles it, where it is not known.
    """
    about = f"{__version__}\0{jinja2.__version__}\0{sys.implementation.cache_tag}\0{language}\0{source}"
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()
    code = _known.get(digest) or (_load(digest) if len(source) > _LONG else None)
    if code is None:
        code = make(source)
        if len(source) > _LONG:
            _keep(digest, code)
    _known[digest] = code
    return code


def _load(digest: str) -> CodeType | None:
    """What an earlier run kept; a spoilt file is as good as none."""
    data = disk_cache.load(f"template-{digest}.bin")
    if data is None or hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
        return None
    code = marshal.loads(data[_DIGEST:])  # noqa: S302 (the user's own cache folder, as with Python's own .pyc files)
    return code if isinstance(code, CodeType) else None


def _keep(digest: str, code: CodeType) -> None:
    data = marshal.dumps(code)
    disk_cache.store(f"template-{digest}.bin", hashlib.sha256(data).digest() + data)
