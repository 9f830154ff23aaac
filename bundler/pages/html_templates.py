"""Filling the bundle's own pages from their HTML templates."""

from __future__ import annotations

from pathlib import Path

from jinja2 import TemplateError

from bundler import errors
from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.views.fields import fields_by_name
from bundler.file_reading import read_bounded

STYLE = "pages.css"
_MAX_BYTES = 1024 * 1024


def fill_page(templates: Path, name: str, view: object) -> str:
    """One page: ``templates/pages/<name>.html``, filled.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    try:
        return create_environment().from_string(_text(templates, f"{name}.html")).render(fields_by_name(view))
    except TemplateError as error:
        raise errors.TemplateError(
            f"卷页模板“{name}.html”填不了：{explain_error(error)}。", fix="请检查模板里的名称和标记。"
        ) from error
    except (TypeError, ValueError, KeyError) as error:
        raise errors.TemplateError(f"卷页模板“{name}.html”填不了。", fix="请检查模板里的名称和标记。") from error


def read_page_style(templates: Path) -> str:
    """The style sheet of all pages.

    Raises:
        TemplateError: it is missing.
    """
    return _text(templates, STYLE)


def _text(templates: Path, name: str) -> str:
    try:
        return read_bounded(templates / "pages" / name, _MAX_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise errors.TemplateError(
            f"没有卷页模板“{name}”，或者读不了。", fix="请检查 --templates 给出的文件夹里的 pages。"
        ) from error
