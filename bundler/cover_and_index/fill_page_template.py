"""Fill the HTML templates of the bundle's own pages and of report.pdf."""

from __future__ import annotations

from pathlib import Path

from jinja2 import TemplateError

from bundler import errors
from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.views.record_fields import fields_by_name
from bundler.file_reading import read_bounded

STYLE = "pages.css"
_MAX_BYTES = 1024 * 1024


def fill_page(templates: Path, name: str, view: object) -> str:
    """Fill ``templates/pages/<name>.html`` with a view.

    Raises:
        TemplateError: the template is missing or broken, or names what the view does not have.
    """
    try:
        return create_environment().from_string(_read_template(templates, f"{name}.html")).render(fields_by_name(view))
    except TemplateError as error:
        raise errors.TemplateError(
            f"卷页模板“{name}.html”填不了：{explain_error(error)}。", fix="请检查模板里的名称和标记。"
        ) from error
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise errors.TemplateError(f"卷页模板“{name}.html”填不了。", fix="请检查模板里的名称和标记。") from error


def read_page_style(templates: Path) -> str:
    """Read the style sheet of all pages.

    Raises:
        TemplateError: the style sheet is missing or cannot be read.
    """
    return _read_template(templates, STYLE)


def _read_template(templates: Path, name: str) -> str:
    try:
        return read_bounded(templates / "pages" / name, _MAX_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise errors.TemplateError(
            f"没有卷页模板“{name}”，或者读不了。", fix="请检查 --templates 给出的文件夹里的 pages。"
        ) from error
