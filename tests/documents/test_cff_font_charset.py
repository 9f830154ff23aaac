"""Every character of a typeset paper is in the embedded font under the code by which the page shows it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import calcChecksum

from bundler.bind.join import join
from bundler.bind.join_types import TypesetPart
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks
from tests.support.verapdf import VeraPdf
from tests.support.word_files import paragraph, word_file

_COMMON = "执行款186000元，已发放（2021年11月10日）。"
_UNCOMMON = "执行款¥186000，甲–乙，€100，↗═╔。"
"""With characters whose CIDs in the Fandol fonts are not the indices of their glyphs."""


def bind(text: str, target: Path) -> None:
    """Typeset and bind a paper of one paragraph."""
    typesetter = Typesetter()
    pages = typesetter.typeset_papers([("p", read_blocks(word_file(paragraph(text))))])["p"]
    made, _ = typesetter.write(["p"], "题", b"0" * 16, None)
    join(made, [TypesetPart(0, pages - 1, "正文")], [], target)


def codes_and_programs(path: Path) -> list[tuple[set[int], bytes]]:
    """Of each embedded OpenType font with CIDs, the codes that have a width, and its program."""
    found = []
    with pikepdf.open(path) as pdf:
        for font in pdf.objects:
            if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/CIDFontType0":
                program = font.FontDescriptor.FontFile3
                if program.get("/Subtype") == "/OpenType":
                    found.append((_codes(font.W), program.read_bytes()))
    return found


def _codes(widths: Any) -> set[int]:  # noqa: ANN401 (a PDF object)
    parts = list(widths)
    return {
        int(first) + offset
        for first, listed in zip(parts[::2], parts[1::2], strict=True)
        for offset in range(len(listed))
    }


@pytest.mark.parametrize("text", [_COMMON, _UNCOMMON])
def test_each_code_leads_to_its_glyph_through_the_charset(text: str, tmp_path: Path, verapdf: VeraPdf) -> None:
    """The charset of each CID-keyed font has every code that is shown, as the CID of the glyph with that index; it is PDF/A."""
    bind(text, tmp_path / "a.pdf")
    fonts = codes_and_programs(tmp_path / "a.pdf")
    assert fonts
    for codes, program in fonts:
        names = TTFont(io.BytesIO(program))["CFF "].cff[0].charset
        assert {code for code in codes if code and names[code] != f"cid{code:05d}"} == set()
    assert verapdf.failed_rules(tmp_path / "a.pdf") == "ok"


def test_a_font_with_other_numbers_keeps_its_checksums(tmp_path: Path) -> None:
    """The file and its table add up to what they say."""
    bind(_UNCOMMON, tmp_path / "a.pdf")
    for _, program in codes_and_programs(tmp_path / "a.pdf"):
        table = TTFont(io.BytesIO(program)).reader.tables["CFF "]
        assert calcChecksum(program[table.offset : table.offset + table.length]) == table.checkSum
        assert calcChecksum(program) == 0xB1B0AFBA
