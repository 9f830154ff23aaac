"""A template's file as its parts."""

from __future__ import annotations

from bundler.template_check.page_part import page_part
from bundler.template_check.part import Part
from bundler.template_check.reader import word_parts


def template_parts(name: str, data: bytes) -> tuple[Part, ...]:
    """The parts of a template's file.

    Raises:
        PackageError: a Word file that cannot be taken apart.
        UnicodeDecodeError: a page that is not UTF-8.
    """
    return word_parts(data) if name.endswith(".docx") else (page_part(data.decode("utf-8")),)
