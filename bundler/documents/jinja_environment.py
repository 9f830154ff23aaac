"""The Jinja environment of the templates: sandboxed, with filters for a court's dates and numbers, and compiled code cached.

The cache holds a template's text as code, never a value of a case; a key is the digest of everything that affects the code.
"""

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
from bundler.digest import sha256_of
from bundler.documents.break_title_lines import break_title
from bundler.documents.views.record_fields import field_names
from bundler.printable_text import count_lines, format_day
from bundler.word.value_source_marks import without_marks

_NUMERALS = "一二三四五六七八九十"
_LETTER_EMS = 28
"""Characters in a line of a letter (GB/T 9704)."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates can call nothing but their own macros."""

    language = ""

    def compile(self, source: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 (jinja2's own signature)
        """Compile a template's text, or take its code from the cache."""
        make = super().compile
        if args or options or not isinstance(source, str):
            return make(source, *args, **options)
        return compile_cached(source, self.language, make)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 (jinja2's own signature)
        """Give an attribute; the fields of a view's records are safe, and all else is judged by Jinja."""
        if attribute in field_names(type(obj)):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: object) -> bool:
        """Allow macros of the template alone."""
        return isinstance(obj, Macro)


def _format_moment(value: datetime) -> str:
    """A time such as 2021年9月22日9时30分; a full hour has no 分."""
    minutes = f"{value.minute:02}分" if value.minute else ""
    return f"{format_day(value)}{value.hour}时{minutes}"


def _format_hanzi_day(value: date) -> str:
    """A date in Chinese numerals (汉字日期), such as 二〇二一年九月十七日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value.year))
    return f"{year}年{_format_numeral(value.month)}月{_format_numeral(value.day)}日"


def _format_year(value: date) -> str:
    return str(value.year)


def _format_box(chosen: object) -> str:
    """A form's box: ticked or empty."""
    return "☑" if chosen else "□"


def _format_numeral(value: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def _count_lines(text: str) -> int:
    """The lines of a letter's paragraph, its first line indented: what a template decides its type size and pitch by."""
    return count_lines("　　" + without_marks(str(text)), _LETTER_EMS)


def _join_names(values: Sequence[str]) -> str:
    return "、".join(values)


def _first_of(values: Sequence[object]) -> object:
    """The first value; None where there is none, which a template has to handle."""
    return values[0] if values else None


FILTERS: dict[str, Callable[..., object]] = {
    "day": format_day,
    "hanzi": _format_hanzi_day,
    "moment": _format_moment,
    "year": _format_year,
    "cn": _format_numeral,
    "box": _format_box,
    "names": _join_names,
    "first": _first_of,
    "length": len,
    "lines": _count_lines,
    "title": break_title,
}
"""All filters of the templates; `bundler.template_check.filter_signatures` declares the types that each takes and gives."""


def _require_printable(value: object) -> object:
    """Return a text or a number as it is; refuse None, a boolean, an unformatted date or a list."""
    if isinstance(value, str | Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TemplateRuntimeError("有一处的值没有填，或者不能直接印出来（日期、时间要写格式）")


@cache
def _module_digest() -> str:
    """The digest of this module: Jinja may fold the result of a filter into a template's compiled code."""
    return sha256_of(Path(__file__).read_bytes())


def create_environment(finish: Callable[[object], object] = lambda value: value) -> ImmutableSandboxedEnvironment:
    """Create an environment that escapes values and treats undefined names as errors.

    Args:
        finish: applied to each value before it is printed.
    """
    environment = _Sandbox(
        undefined=StrictUndefined, autoescape=True, finalize=lambda value: finish(_require_printable(value))
    )
    environment.language = f"{_module_digest()} {finish.__qualname__}"
    environment.filters = dict(FILTERS)
    environment.tests = {"none": lambda value: value is None}
    environment.globals.clear()
    return environment


def explain_error(error: TemplateError) -> str:
    """Say in Chinese what is wrong with a template."""
    if isinstance(error, SecurityError):
        return "里面有调用，模板里只能取值"
    if isinstance(error, TemplateSyntaxError):
        return f"第 {error.lineno} 行的标记写得不对（{error.message}）"
    named = re.findall(r"'([^']*)'", error.message or "")
    if isinstance(error, UndefinedError) and named:
        return f"没有“{named[-1]}”这个名称"
    return error.message or "标记写得不对"


_LONG_TEMPLATE = 500
"""Characters; compiling a shorter template takes no more than 0.3 ms, reading one from the cache 0.05."""
_DIGEST_BYTES = 32
_code_by_digest: dict[str, CodeType] = {}


def compile_cached(source: str, language: str, make: Callable[[str], CodeType]) -> CodeType:
    """Get a template's code from memory, else a long one from the disk cache, else compile it.

    Args:
        source: the template's text.
        language: what else affects the code: the digest of the filters, and the function that finishes values.
        make: compiles the text.
    """
    key = f"{__version__}\0{jinja2.__version__}\0{sys.implementation.cache_tag}\0{language}\0{source}"
    digest = sha256_of(key.encode("utf-8", "surrogatepass"))
    code = _code_by_digest.get(digest) or (_load_code(digest) if len(source) > _LONG_TEMPLATE else None)
    if code is None:
        code = make(source)
        if len(source) > _LONG_TEMPLATE:
            _store_code(digest, code)
    _code_by_digest[digest] = code
    return code


def _load_code(digest: str) -> CodeType | None:
    """Load the code that an earlier run stored; None where there is none or its digest does not match."""
    data = disk_cache.load(f"template-{digest}.bin")
    if data is None or hashlib.sha256(data[_DIGEST_BYTES:]).digest() != data[:_DIGEST_BYTES]:
        return None
    code = marshal.loads(data[_DIGEST_BYTES:])  # noqa: S302 (the user's own cache folder, as with Python's own .pyc files)
    return code if isinstance(code, CodeType) else None


def _store_code(digest: str, code: CodeType) -> None:
    data = marshal.dumps(code)
    disk_cache.store(f"template-{digest}.bin", hashlib.sha256(data).digest() + data)
