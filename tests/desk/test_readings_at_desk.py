"""What was read while a case stands open at the desk is seen at its next page, and a stack is proposed by what was read."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pikepdf
import pytest

from bundler.desk.cases import checked_case_cache
from tests.support.desk_client import clerk, visible_text
from tests.support.invented_readings import turned
from tests.support.paths import SAMPLES
from tests.support.sample_readings import read_sample, write_sample_readings
from tests.support.scan_readings import read_page, write_record

RECEIPT = "materials/受理告知书送达回证.jpg"
RECEIPT_LINES = ["送达回证", "登记号：钢信执2021-0057", "送达文书：受理告知书1份", "签收日期：2021年10月14日"]


def test_a_warning_appears_when_a_page_was_read_and_goes_when_the_record_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check that the desk keeps is made anew, although no visible file has changed."""
    monkeypatch.setattr(checked_case_cache, "_SETTLE_SECONDS", -1)
    with clerk(tmp_path, "archive-complete") as user:
        assert "上下颠倒" not in visible_text(user.get("/materials").text)
        page = read_page(1, RECEIPT_LINES)
        record = write_record(user.folder, RECEIPT, [turned(page, 180)])
        assert "上下颠倒" in visible_text(user.get("/materials").text)
        record.unlink()
        assert "上下颠倒" not in visible_text(user.get("/materials").text)


def test_readings_without_a_fault_change_no_page(tmp_path: Path) -> None:
    """The sample's papers are what the case says."""
    with clerk(tmp_path, "archive-complete") as user:
        before = visible_text(user.get("/materials").text)
        write_sample_readings("archive-complete", user.folder)
        assert visible_text(user.get("/materials").text) == before


def test_the_viewer_gets_words_warnings_and_hits_with_their_places(tmp_path: Path) -> None:
    """Everything in pixels of the page as it is shown; a warning about several items is told once."""
    with clerk(tmp_path, "archive-complete") as user:
        card = user.card("送达回证（受理告知书）")
        assert "data-words=" not in user.get(f"{card}/view").text
        page = turned(read_page(1, RECEIPT_LINES), 180)
        write_record(user.folder, RECEIPT, [page])
        viewer = user.get(f"{card}/view?q=钢信执2021-0057").text
        address = unescape(viewer.partition('data-words="')[2].partition('"')[0]).removeprefix(user.base)
        (told,) = user.get(address).json()["pages"]
        assert [one[4] for one in told["lines"]] == RECEIPT_LINES
        assert (told["turn"], told["width"], told["height"]) == (180, page.width, page.height)
        assert told["found"] == [list(page.lines[1].box)]
        assert [(one["boxes"], "上下颠倒" in one["text"]) for one in told["warnings"]] == [
            ([[0, 0, page.width, page.height]], True)
        ]


def test_all_turned_pages_are_put_upright_with_one_click_and_stay_read(tmp_path: Path) -> None:
    """Each by its own angle; the warning goes, the words stay; one undo, and the file is as before and read as before."""
    file = "materials/调查笔录.pdf"
    with clerk(tmp_path, "archive-complete") as user:
        pages = read_sample("archive-complete")[file]
        write_record(user.folder, file, [turned(pages[0], 90), turned(pages[1], 180)])
        before = (user.folder / file).read_bytes()
        assert "2 页没有放正" in visible_text(user.get("/materials").text)
        assert "放正 2 页" in visible_text(user.get(f"{user.card('调查笔录（秦某某）')}/view").text)
        text = user.post("/materials/upright").text
        assert "没有放正" not in visible_text(text)
        with pikepdf.open(user.folder / file) as pdf:
            assert [int(page.get("/Rotate", 0)) % 360 for page in pdf.pages] == [90, 180]
        (told, _) = user.get(f"{user.card('调查笔录（秦某某）')}/words").json()["pages"]
        assert [one[4] for one in told["lines"]] == [line.text for line in pages[0].lines]
        assert [one[:4] for one in told["lines"]] == [list(line.box) for line in pages[0].lines]
        assert (told["turn"], told["warnings"]) == (0, [])
        user.undo()
        assert (user.folder / file).read_bytes() == before
        assert "2 页没有放正" in visible_text(user.get("/materials").text)


def test_a_stack_that_waits_is_put_upright_and_keeps_its_proposal(tmp_path: Path) -> None:
    """What was read tells the turn, the item and how sure it is; without a turned page there is nothing to do."""
    source = SAMPLES / "archive-complete" / RECEIPT
    with clerk(tmp_path, "incomplete") as user:
        user.upload(source, name="扫描0001.jpg")
        write_record(user.folder, "materials/扫描0001.jpg", [turned(read_page(1, RECEIPT_LINES), 270)])
        (part,) = user.waiting().values()
        text = visible_text(user.get("/sorting").text)
        assert "看来是：受理告知送达回执（有把握；依据：识读出的标题“送达回证”" in text
        assert "放正 1 页" in text
        assert user.post("/sorting/upright", {"parts": part}).status_code == 200
        user.waiting()
        text = visible_text(user.get("/sorting").text)
        assert "看来是：受理告知送达回执（有把握；依据：识读出的标题“送达回证”" in text
        assert "放正" not in text
        assert "没有转" in user.post("/sorting/upright", {"parts": part}).text
        key = part.partition("-")[0]
        assert user.post(f"/waiting/{key}/pages/upright").status_code == 422
