"""Filling a Word template: sandboxed, undefined names are errors, values printed exactly as given."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import segno
from docx.opc import phys_pkg
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml.etree import XMLSyntaxError

from bundler import __version__, errors
from bundler import cache as kept
from bundler.documents.jinja_environment import explain, sandbox
from bundler.documents.views.fields import fields_by_name
from bundler.file_reading import read_bounded
from bundler.reproducible_zip import reproducible_zip
from bundler.word.package import PackageError, parse_part_cached, read_parts

vars(phys_pkg)["ZIP_DEFLATED"] = zipfile.ZIP_STORED
"""What python-docx writes is taken apart at once and packed without a clock: it need not pack it first."""

QR_NAME = "二维码"
_MAX_BYTES = 8 * 1024 * 1024


def _paragraphs(value: object) -> object:
    """A line break in a value begins a new paragraph: the mark that docxtpl turns into one."""
    if not isinstance(value, str):
        return value
    broken = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\a")
    return type(value)(broken)


def fill_template(template: Path, view: object, code: str = "", *, packed: bool = True) -> bytes:
    """The filled .docx; the same view gives the same bytes.

    Args:
        template: the Word template.
        view: a record of plain data; its fields are the names that the template uses.
        code: the text of the QR code that takes the place of the template's picture named 二维码; none: no code.
        packed: compressed; a file that is read at once and kept nowhere need not be.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    try:
        document = DocxTemplate(io.BytesIO(_plain(template)))
        document.allow_missing_pics = True
        if code:
            document.replace_pic(QR_NAME, io.BytesIO(_qr_png(code)))
        document.render(fields_by_name(view), jinja_env=sandbox(_paragraphs), autoescape=True)
    except TemplateError as error:
        raise errors.TemplateError(
            f"模板“{template.name}”填不了：{explain(error)}。", fix="请检查模板里的名称和标记。"
        ) from error
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, XMLSyntaxError, PackageError) as error:
        raise errors.TemplateError(f"模板“{template.name}”读不了。", fix="请检查模板文件夹。") from error
    target = io.BytesIO()
    document.save(target)
    return reproducible_zip(target.getvalue(), packed=packed)


def _plain(template: Path) -> bytes:
    """A template's bytes, when they are a Word document of bearable size and its XML names no entity.

    One that was looked through before is known by its digest.
    """
    data = read_bounded(template, _MAX_BYTES)
    name = f"plain-{hashlib.sha256(__version__.encode() + data).hexdigest()}"
    if kept.load(name) is None:
        _refuse_entities(data)
        kept.store(name, b"plain")
    return data


def _refuse_entities(data: bytes) -> None:
    for name, part in read_parts(data).items():
        if name.endswith((".xml", ".rels")):
            parse_part_cached(part)


def _qr_png(text: str) -> bytes:
    """A small QR code with its quiet zone, as a PNG."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8", eci=True).save(picture, kind="png", scale=8, border=4)
    return picture.getvalue()
