"""双层PDF: the words that were read lie under the picture, where poppler and PDFium (which Chromium shows PDFs with) find them."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from bundler.bind.join import join
from bundler.bind.join_types import BoundFile, JoinOptions, SourcePart, TypesetPart, layered_pages
from bundler.bind.text_layer import layer_characters
from bundler.commands import run
from bundler.scan_reading.record import ReadLine, ReadPage
from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import Blocks, Paragraph, Run
from tests.support.browser import copy_from_viewer
from tests.support.bundles import build, read_manifest_tree
from tests.support.paths import copy_sample
from tests.support.scan_readings import HEIGHT, WIDTH, read_page, write_record
from tests.support.verapdf import VeraPdf

MM = 72 / 25.4
RARE = "乙某𬭎、䶮㛃𠅤，编号A-2021（3）"


@pytest.fixture(scope="module")
def base() -> bytes:
    """A cover of one page."""
    typesetter = Typesetter()
    paper = Blocks((Paragraph("正文", (Run("封面", "仿宋_GB2312", 16, bold=False, spacing=-0.25),)),))
    typesetter.typeset_papers([("cover", paper)])
    return typesetter.write(["cover"], "卷宗", b"0" * 16, None)[0]


def scan() -> bytes:
    """An A4 scan at 200 dpi with an empty corner."""
    target = io.BytesIO()
    Image.new("L", (WIDTH, HEIGHT), 245).save(target, "JPEG", dpi=(200, 200))
    return target.getvalue()


def bind(base: bytes, target: Path, *pages: ReadPage) -> BoundFile:
    """A cover and one scan for each page."""
    parts: list[TypesetPart | SourcePart] = [TypesetPart(0, 0, "封面")]
    parts += [
        SourcePart("image/jpeg", range(1, 2), scan, frozenset({1}), layer={1: page} if page.lines else {})
        for page in pages
    ]
    return join(base, parts, (), target, JoinOptions(layer_characters=layer_characters(layered_pages(parts))))


def words(path: Path, page: int) -> dict[str, tuple[float, float, float, float]]:
    """The words that poppler finds on a page of a file, each with its rectangle in millimetres from the top left."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    rows = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', text)
    return {row[4]: (float(row[0]) / MM, float(row[1]) / MM, float(row[2]) / MM, float(row[3]) / MM) for row in rows}


def pdfium_text(path: Path, page: int) -> str:
    """What is copied from a page with PDFium."""
    with pypdfium2.PdfDocument(path) as document:
        return str(document[page - 1].get_textpage().get_text_range())


def test_words_are_found_where_they_stand_on_the_scan(base: bytes, tmp_path: Path) -> None:
    """With poppler within half a millimetre; with PDFium by searching."""
    line = ReadLine(box=(300, 500, 940, 560), text="送达回证第一联编号乙")
    bind(base, tmp_path / "a.pdf", read_page(1, lines=(line,)))
    found = words(tmp_path / "a.pdf", 2)["送达回证第一联编号乙"]

    expected = tuple(value / 200 * 25.4 for value in line.box)
    assert max(abs(one - other) for one, other in zip(found, expected, strict=True)) < 0.5
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        search = document[1].get_textpage().search("第一联")
        assert search.get_next() == (4, 3)


def test_rare_and_narrow_characters_are_copied_whole(base: bytes, tmp_path: Path) -> None:
    """Characters beyond 16 bits too."""
    bind(base, tmp_path / "a.pdf", read_page(1, [RARE]))

    assert RARE in "".join(words(tmp_path / "a.pdf", 2)) + "".join(pdfium_text(tmp_path / "a.pdf", 2).split())
    assert pdfium_text(tmp_path / "a.pdf", 2).splitlines()[0] == RARE


def test_words_are_copied_from_the_viewer_of_chromium(base: bytes, tmp_path: Path) -> None:
    """All of them, in the order of the record, with the 页号 behind."""
    bind(base, tmp_path / "a.pdf", read_page(1, ["送达回证", RARE, "见证人：李某某"]))

    wanted = ["送达回证", RARE, "见证人：李某某", "1"]
    pasted = copy_from_viewer(tmp_path / "a.pdf", lambda text: text.splitlines()[1:] == wanted)
    assert pasted.splitlines()[1:] == wanted


@pytest.mark.parametrize(
    ("turn", "box"), [(90, (400, 300, 460, 900)), (180, (400, 300, 1000, 360)), (270, (400, 300, 460, 900))]
)
def test_a_turned_page_has_its_words_along_its_lines(
    base: bytes, tmp_path: Path, turn: int, box: tuple[int, int, int, int]
) -> None:
    """The words begin where the line does: below for 90°, right for 180°, above for 270°."""
    page = read_page(1, lines=(ReadLine(box=box, text="受理告知书送达回证"),), turn=turn)
    bind(base, tmp_path / "a.pdf", page)

    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        text = document[1].get_textpage()
        first, last = text.get_charbox(0), text.get_charbox(8)
    assert "受理告知书送达回证" in pdfium_text(tmp_path / "a.pdf", 2)
    steps = (last[0] - first[0], last[1] - first[1])
    axis = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    assert sum(step * part for step, part in zip(steps, axis, strict=True)) > 150


def test_a_slanted_line_is_followed(base: bytes, tmp_path: Path) -> None:
    """A line that falls by 5 %: its last character stands lower than its first by that much."""
    page = read_page(1, lines=(ReadLine(box=(200, 400, 1200, 490), text="受理告知书送达回证", slope=50),))
    bind(base, tmp_path / "a.pdf", page)

    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        text = document[1].get_textpage()
        first, last = text.get_charbox(0), text.get_charbox(8)
    assert (first[1] - last[1]) / (last[0] - first[0]) == pytest.approx(0.05, abs=0.005)


def test_the_layer_is_unseen_valid_and_the_same_each_time(base: bytes, tmp_path: Path, verapdf: VeraPdf) -> None:
    """No pixel changes, nor the picture's bytes; the file stays PDF/A-3b; the same records give the same bytes."""
    pages = [read_page(1, [RARE, "一二三"]), read_page(1), read_page(1, ["第1页 共2页"])]
    first = bind(base, tmp_path / "a.pdf", *pages)
    second = bind(base, tmp_path / "b.pdf", *pages)
    bind(base, tmp_path / "bare.pdf", *(read_page(1) for _ in pages))

    assert first == second
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as one, pypdfium2.PdfDocument(tmp_path / "bare.pdf") as other:
        assert len(one) == len(other) == 4
        for number in range(4):
            assert one[number].render().to_pil().tobytes() == other[number].render().to_pil().tobytes()
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/DCTDecode"]
        assert {one.read_raw_bytes() for one in streams} == {scan()}
        fonts = ["/Layer" in page.Resources.Font for page in pdf.pages[1:]]
    assert fonts == [True, False, True]
    assert verapdf.faults([tmp_path / "a.pdf"]) == verapdf.faults([tmp_path / "bare.pdf"])


def test_a_bundle_names_the_record_and_is_verified_with_it(
    tmp_path: Path, verapdf: VeraPdf, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the record it is the same bytes as the one built anew; a record that changed, or is gone, is named."""
    case = copy_sample("archive-complete", tmp_path / "case")
    target, bare = tmp_path / "a.pdf", tmp_path / "bare.pdf"
    assert build(case, bare) == 0
    file = "materials/约谈笔录.pdf"
    path = write_record(case, file, [read_page(1, ["约谈笔录第一页的文字"])])
    assert build(case, target) == 0

    assert (
        "约谈笔录第一页的文字"
        in subprocess.run(["pdftotext", str(target), "-"], capture_output=True, check=True, encoding="utf-8").stdout
    )
    named = {one["file"]: one.get("reading") for one in read_manifest_tree(target)["sources"]}
    assert [name for name, digest in named.items() if digest] == [file]
    assert all("reading" not in one for one in read_manifest_tree(bare)["sources"])
    assert verapdf.faults([target]) == {}
    capsys.readouterr()

    def problems(bundle: Path) -> list[tuple[str, str]]:
        run(["verify", str(bundle), "--case", str(case), "--json"])
        return [(one["code"], one["file"]) for one in json.loads(capsys.readouterr().out)["problems"]]

    assert problems(target) == []
    assert problems(bare) == []
    write_record(case, file, [read_page(1, ["别的文字"])])
    assert problems(target)[0] == ("SOURCE-CHANGED", file)
    path.unlink()
    assert problems(target)[0] == ("SOURCE-MISSING", file)
    path.write_bytes(b"{")
    assert build(case, target) == 0
    assert target.read_bytes() == bare.read_bytes(), "a record that is none is as if there were none"
