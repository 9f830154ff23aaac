"""The text of a paragraph's runs, with its fields: page numbers as placeholders, links as their words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bundler.word.block_model import PAGE_FIELD, PAGES_FIELD
from bundler.word.docx_package import W
from bundler.word.symbol_font_characters import is_symbol_font, to_unicode

PAGE_BREAK = "\f"
"""Stands in a run's text for a page break."""
_PLACEHOLDERS = {"PAGE": PAGE_FIELD, "NUMPAGES": PAGES_FIELD, "SECTIONPAGES": ""}
PAGE_FIELDS = frozenset(_PLACEHOLDERS)
WORD_FIELDS = frozenset({"HYPERLINK"})
"""Fields whose result is set as it stands."""
_WRAPPERS = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple", "ins", "dir", "bdo")
)
"""Elements of a paragraph that hold runs."""


class _Field:
    def __init__(self) -> None:
        self.code = ""
        self.has_result = False

    @property
    def name(self) -> str:
        return next(iter(self.code.upper().split()), "")


class FieldReader:
    """Reads the runs of one paragraph in order, and keeps what its fields show and what fields it has."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """The names of the fields that have ended, in order."""
        self._open: list[_Field] = []

    @property
    def is_open(self) -> bool:
        """Whether a field has begun and not ended."""
        return bool(self._open)

    @property
    def _is_shown(self) -> bool:
        return all(field.has_result and field.name in WORD_FIELDS for field in self._open)

    def runs(self, node: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 (an lxml element)
        """Yield each run of a paragraph or of an element in it, with the text that it shows."""
        for child in node:
            if child.tag == f"{W}r":
                yield child, "".join(self._run_text(child))
            elif child.tag == f"{W}fldSimple":
                yield from self._simple_field(child)
            elif child.tag in _WRAPPERS:
                yield from self.runs(child)

    def _simple_field(self, node: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 (an lxml element)
        field = _Field()
        field.code, field.has_result = node.get(f"{W}instr", ""), True
        self.names.append(field.name)
        placeholder = _PLACEHOLDERS.get(field.name) if self._is_shown else None
        self._open.append(field)
        for number, (run, text) in enumerate(list(self.runs(node))):
            yield run, placeholder if placeholder and number == 0 else text
        self._open.pop()

    def _run_text(self, run: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
        for child in run:
            if child.tag == f"{W}fldChar":
                yield self._mark(child.get(f"{W}fldCharType"))
            elif child.tag == f"{W}instrText":
                if self._open and not self._open[-1].has_result:
                    self._open[-1].code += child.text or ""
                else:
                    self.names.append(next(iter((child.text or "").upper().split()), ""))
            elif self._is_shown:
                yield node_text(child)

    def _mark(self, kind: str | None) -> str:
        """Enter or leave a field; return the placeholder of one whose value is put here."""
        if kind == "begin":
            self._open.append(_Field())
        elif self._open and kind == "separate":
            self._open[-1].has_result = True
        elif self._open and kind == "end":
            field = self._open.pop()
            self.names.append(field.name)
            return _PLACEHOLDERS.get(field.name, "") if self._is_shown else ""
        return ""


def shown_text(paragraph: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return the text that a paragraph shows, without its automatic number."""
    return "".join(text for _, text in FieldReader().runs(paragraph))


def node_text(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return the text of an element of a run."""
    name = str(node.tag).rpartition("}")[2]
    if name in {"t", "sym"}:
        return (node.text or "") if name == "t" else symbol_character(node)
    if name == "br":
        return PAGE_BREAK if node.get(f"{W}type") in {"page", "column"} else "\n"
    return {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "pgNum": PAGE_FIELD}.get(name, "")


def symbol_character(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return the character of a ``w:sym`` element that looks the same; if there is none, its private-use character."""
    font = node.get(f"{W}font")
    try:
        code = int(node.get(f"{W}char", ""), 16)
    except ValueError:
        return "\ufffd"
    if not is_symbol_font(font) and not 0xF000 <= code <= 0xF0FF:  # noqa: PLR2004 (Word's private-use characters)
        return chr(code) if 0x20 <= code < 0xD800 else "\ufffd"  # noqa: PLR2004 (printable, no surrogate)
    return to_unicode(code, font) or chr(0xF000 | (code & 0xFF))


def is_unknown_symbol(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether no character looks the same as that of a ``w:sym`` element."""
    character = symbol_character(node)
    return character == "\ufffd" or "\uf000" <= character <= "\uf0ff"
