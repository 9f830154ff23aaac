"""Marks in the text of a filled Word file around each value, which say where it comes from: for the proof-reader's view.

A mark is made of private-use characters, which no value may contain, so that whatever reads the text can tell it apart.
"""

from __future__ import annotations

import re

START, LABEL_END, END = "\ue010", "\ue011", "\ue012"
_MARKS = re.compile(f"{START}[^{LABEL_END}]*{LABEL_END}|{END}")
_PARTS = re.compile(f"({START}[^{LABEL_END}]*{LABEL_END}|{END})")


def mark_value(text: str, label: str) -> str:
    """A value with the label of its source; one that holds marked values already stays as it is."""
    return text if not text or START in text else f"{START}{label}{LABEL_END}{text}{END}"


def without_marks(text: str) -> str:
    """A text as it is printed."""
    return _MARKS.sub("", text) if START in text or END in text else text


def split_marked(text: str) -> list[tuple[str, str]]:
    """The pieces of a text with the label of each; the label is empty for words of the template.

    A value that goes on in the next paragraph ends here, since its mark is not closed.
    """
    pieces: list[tuple[str, str]] = []
    label = ""
    for part in _PARTS.split(text):
        if part.startswith(START):
            label = part[1:-1]
        elif part == END:
            label = ""
        elif part:
            pieces.append((label, part))
    return pieces
