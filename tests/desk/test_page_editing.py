"""Work on the pages of materials: split, take out, reorder, merge; pictures stay as they are, and every step can be undone."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name, String
from PIL import ImageChops

from bundler.desk.cases.parse_page_ranges import normalise_page_range, parse_page_numbers
from bundler.errors import CaseError
from tests.desk.test_sorting import images_of, visible_files
from tests.materials.test_form_fields import BUTTON, form_pdf
from tests.support.desk_client import Clerk, clerk, visible_text
from tests.support.page_pictures import render_with_pdfium
from tests.support.paths import SAMPLES

FOUR_PAGES = SAMPLES / "write-off-complete" / "materials" / "约谈笔录.pdf"
NAME = "听证.pdf"
JPEG = SAMPLES / "write-off-complete" / "materials" / "送达地址确认书.jpg"


def evidence(one: Clerk) -> list[dict[str, object]]:
    """The entries of case.json that the tests work on."""
    return [entry for entry in one.tree()["materials"] if entry["items"] == ["hearing_record"]]


def card(one: Clerk, number: int = 0) -> str:
    """The path of one of these materials."""
    text = one.get("/materials").text
    cards = re.findall(r'id="card-hearing_record-[0-9a-f]+".*?(/materials/\d+-[0-9a-f]*)/', text, re.DOTALL)
    return str(cards[number])


@pytest.mark.parametrize(
    ("action", "pages", "left"),
    [
        ("split", "３", [{"pages": "1-2"}, {"pages": "3-4"}]),
        ("extract", "3－4", [{"pages": "1-2"}, {"pages": "3-4"}]),
    ],
)
def test_consecutive_pages_stay_a_range_of_the_scan(
    tmp_path: Path, action: str, pages: str, left: list[dict[str, str]]
) -> None:
    """Splitting writes case.json alone; merging gives the whole scan again; undo takes back one step after the other."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        whole, files = evidence(one), visible_files(one)
        answer = one.post(f"{card(one)}/pages/{action}", {"pages": pages})
        assert answer.status_code == 200
        assert [{"pages": entry["pages"]} for entry in evidence(one)] == left
        assert {entry["file"] for entry in evidence(one)} == {f"materials/{NAME}"}
        assert visible_files(one).keys() == files.keys()
        other = card(one, 1).rpartition("/")[2]
        assert one.post(f"{card(one)}/pages/merge", {"with": other}).status_code == 200
        assert evidence(one) == whole
        one.undo()
        assert len(evidence(one)) == 2
        one.undo()
        assert evidence(one) == whole
        assert visible_files(one)[f"materials/{NAME}"] == FOUR_PAGES.read_bytes()


@pytest.mark.parametrize(
    ("action", "pages", "order"),
    [("take-out", "2、4", [0, 2]), ("order", "4-1", [3, 2, 1, 0])],
)
def test_other_pages_become_a_new_file_with_the_same_pictures(
    tmp_path: Path, action: str, pages: str, order: list[int]
) -> None:
    """The earlier file is kept in the recycle bin, and undo brings it back byte for byte."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        whole, files, images = evidence(one), visible_files(one), images_of(FOUR_PAGES.read_bytes())
        answer = one.post(f"{card(one)}/pages/{action}", {"pages": pages})
        assert answer.status_code == 200
        (entry,) = evidence(one)
        assert images_of((one.folder / str(entry["file"])).read_bytes()) == [images[at] for at in order]
        assert not (one.folder / "materials" / NAME).exists()
        assert "整理页以前的原件" in visible_text(one.get("/history").text)
        one.undo()
        assert evidence(one) == whole
        assert {**visible_files(one), "case.json": b""} == {**files, "case.json": b""}


def test_a_photo_is_appended_to_a_scan_without_being_encoded_again(tmp_path: Path) -> None:
    """The stream of the JPEG is in the new file byte for byte, and its item goes on."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        one.upload(JPEG, "hearing_record")
        other = card(one, 1).rpartition("/")[2]
        one.post(f"{card(one)}/pages/merge", {"with": other})
        (entry,) = evidence(one)
        assert images_of((one.folder / str(entry["file"])).read_bytes())[-1] == JPEG.read_bytes()
        one.undo()
        assert len(evidence(one)) == 2
        assert (one.folder / "materials" / JPEG.name).read_bytes() == JPEG.read_bytes()


@pytest.mark.parametrize("form_first", [False, True])
def test_a_form_is_merged_as_it_is_seen(tmp_path: Path, *, form_first: bool) -> None:
    """Its filled-in field is part of the page then, whichever file comes first."""
    form = tmp_path / "表单.pdf"
    form.write_bytes(form_pdf(drawn_anew=False, appearance=BUTTON, FT=Name.Sig))
    with clerk(tmp_path, "incomplete") as one:
        paths = [form, FOUR_PAGES] if form_first else [FOUR_PAGES, form]
        for path in paths:
            one.upload(path, "hearing_record")
        other = card(one, 1).rpartition("/")[2]
        assert one.post(f"{card(one)}/pages/merge", {"with": other}).status_code == 200
        (entry,) = evidence(one)
        merged = one.folder / str(entry["file"])
        with pikepdf.open(merged) as pdf:
            assert "/AcroForm" not in pdf.Root
            assert all("/Annots" not in page.obj for page in pdf.pages)
            at = 0 if form_first else len(pdf.pages) - 1
        looks = [render_with_pdfium(file, page) for file, page in ((form, 0), (merged, at))]
        assert ImageChops.difference(*looks).getbbox() is None
        assert one.undo().status_code == 200
        assert {path.name for path in paths} <= {path.rpartition("/")[2] for path in visible_files(one)}


def test_a_form_whose_fields_cannot_be_kept_is_not_merged(tmp_path: Path) -> None:
    """A viewer draws the value itself; the message says what to do, and nothing is changed."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        one.upload(JPEG, "hearing_record", "表单.jpg")
        entry = evidence(one)[1]
        form = form_pdf(drawn_anew=False, appearance=None, FT=Name.Tx, V=String("12345"))
        (one.folder / "materials" / "表单.pdf").write_bytes(form)
        text = (one.folder / "case.json").read_text(encoding="utf-8")
        (one.folder / "case.json").write_text(text.replace(str(entry["file"]), "materials/表单.pdf"), encoding="utf-8")
        before = visible_files(one)
        answer = one.post(f"{card(one)}/pages/merge", {"with": card(one, 1).rpartition("/")[2]})
        assert answer.status_code == 422
        assert "“表单.pdf”第 1 页的表单内容没有可用的外观" in answer.text
        assert "打印成普通的 PDF" in answer.text
        assert visible_files(one) == before


@pytest.mark.parametrize(
    ("action", "pages", "reason"),
    [
        ("split", "1", "第 1 页前面没有别的页"),
        ("take-out", "1-4", "全部页都选了"),
        ("extract", "9", "没有第 9 页，一共 4 页"),
        ("take-out", "一", "看不懂页码“一”"),
        ("take-out", "", "没有写页码"),
        ("order", "1，2", "次序里少了几页"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(tmp_path: Path, action: str, pages: str, reason: str) -> None:
    """And nothing is changed."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        before = visible_files(one)
        answer = one.post(f"{card(one)}/pages/{action}", {"pages": pages})
        assert answer.status_code == 422
        assert reason in answer.text
        assert visible_files(one) == before


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("１－３，５", (1, 2, 3, 5)),
        ("1—3、5", (1, 2, 3, 5)),
        ("第2页至第4页", (2, 3, 4)),
        ("5 3～1", (5, 3, 2, 1)),
        ("2；2-3", (2, 3)),
    ],
)
def test_page_numbers_are_understood_as_clerks_write_them(text: str, pages: tuple[int, ...]) -> None:
    """Full-width or half-width, with any usual dash and comma."""
    assert parse_page_numbers(text, 5) == pages


@pytest.mark.parametrize("text", ["", "甲", "1-", "0", "6", "1-99", "9999999"])
def test_page_numbers_that_there_are_not_are_refused(text: str) -> None:
    """With what to write instead."""
    with pytest.raises(CaseError):
        parse_page_numbers(text, 5)


def test_a_range_in_full_width_is_saved_in_half_width(tmp_path: Path) -> None:
    """In the details of a material."""
    assert normalise_page_range("第１－４页") == "1-4"
    with clerk(tmp_path, "incomplete") as one:
        one.upload(FOUR_PAGES, "hearing_record", NAME)
        data = {"pages": "１－２", "items": "hearing_record", "version": one.version()}
        assert one.post(f"{card(one)}/details", data).status_code == 200
        assert evidence(one)[0]["pages"] == "1-2"
