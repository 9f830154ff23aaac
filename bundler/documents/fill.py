"""Filling a Word template: sandboxed, undefined names are errors, values printed exactly as given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import segno
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bundler import errors

_STAMP = (1980, 1, 1, 0, 0, 0)
QR_NAME = "二维码"
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


def _paragraphs(value: object) -> object:
    """A line break in a value begins a new paragraph: the mark that docxtpl turns into one."""
    if not isinstance(value, str):
        return value
    broken = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\a")
    return type(value)(broken)


def _numeral(value: int) -> str:
    """A Chinese ordinal, 1 to 99."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def _environment() -> _Sandbox:
    environment = _Sandbox(undefined=StrictUndefined, autoescape=True, finalize=_paragraphs)
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


def fill(template: Path, view: Mapping[str, Any], code: str = "") -> bytes:
    """The filled .docx; the same view gives the same bytes.

    Args:
        template: the Word template.
        view: plain data.
        code: the text of the QR code that takes the place of the template's picture named 二维码; none: no code.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    try:
        document = DocxTemplate(template)
        document.allow_missing_pics = True
        if code:
            document.replace_pic(QR_NAME, io.BytesIO(_qr_png(code)))
        document.render(dict(view), jinja_env=_environment(), autoescape=True)
    except SecurityError as error:
        raise errors.TemplateError(
            f"模板“{template.name}”里有不允许的写法：{error}", fix="模板里只能取值，不能调用。"
        ) from error
    except TemplateError as error:
        raise errors.TemplateError(f"模板“{template.name}”填不了：{error}", fix="请检查模板里的名称和标记。") from error
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise errors.TemplateError(f"模板“{template.name}”读不了。", fix="请检查模板文件夹。") from error
    target = io.BytesIO()
    document.save(target)
    return _without_clock(target.getvalue())


def _qr_png(text: str) -> bytes:
    """A small QR code with its quiet zone, as a PNG."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=8, border=4)
    return picture.getvalue()


def _without_clock(data: bytes) -> bytes:
    """The same zip without the time of writing."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as plain:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            plain.writestr(info, source.read(entry))
    return target.getvalue()
