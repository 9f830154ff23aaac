"""Inspecting a Word file: what of it can be set, and which characters it needs."""

from __future__ import annotations

from bundler.materials.record import FileRecord


def inspect_word(data: bytes) -> FileRecord:
    """The Word file's problems and characters; its pages are known once it is set."""
    from bundler.word.reader import read_docx

    document = read_docx(data)
    return FileRecord("", problems=document.problems, characters="".join(sorted(set(document.text()))))
