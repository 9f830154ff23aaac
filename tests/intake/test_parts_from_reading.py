"""A stack that was read is proposed paper by paper, with title and day; nothing is added that nobody was asked about."""

from __future__ import annotations

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import img2pdf
import pytest
from PIL import Image

from bundler.commands import run
from bundler.intake.parts_from_reading import propose_parts_from_reading
from bundler.intake.split_scan import Basis, Certainty, ScanPart
from bundler.regulation.papers import Item
from bundler.scan_reading.record import ReadPage
from tests.support.case_files import read_tree, write_case
from tests.support.invented_readings import invented_folder, turned
from tests.support.scan_readings import scan_reading, write_record


def stack(*items: str) -> list[ReadPage]:
    """The papers of an invented case in one file."""
    folder = invented_folder(0)
    pages = [page for item in items for page in folder.pages_of(item)]
    return [page.model_copy(update={"number": number}) for number, page in enumerate(pages, start=1)]


def propose(pages: list[ReadPage], guessed: Item | None = None, blank: frozenset[int] = frozenset()) -> list[ScanPart]:
    """The proposed parts of these pages."""
    return list(propose_parts_from_reading(scan_reading("0" * 64, pages), len(pages), blank, guessed))


def test_a_stack_is_cut_at_titles_and_page_numbers() -> None:
    """A record of two pages stays together, and each paper has its item, title and closing date."""
    folder = invented_folder(0)
    parts = propose(stack("acceptance_service", "investigation", "interview", "commitment"))
    length = len(folder.pages_of("investigation"))
    talk = len(folder.pages_of("interview"))

    assert [(part.first, part.last) for part in parts] == [
        (1, 1),
        (2, 1 + length),
        (2 + length, 1 + length + talk),
        (2 + length + talk, 2 + length + talk),
    ]
    assert [part.items for part in parts] == [
        (Item.ACCEPTANCE_SERVICE,),
        (Item.INVESTIGATION,),
        (Item.INTERVIEW,),
        (Item.COMMITMENT,),
    ]
    assert {part.basis for part in parts} == {Basis.READING}
    assert parts[1].title == "调查笔录"
    days = [date.fromisoformat(folder.material(item)["date"]) for item in ("investigation", "interview", "commitment")]
    assert [part.day for part in parts[1:]] == days


def test_a_receipt_is_that_of_the_notice_it_names_and_a_name_decides_between_alike_titles() -> None:
    """送达回证 alone says nothing; 谈话笔录 is of several items."""
    (part,) = propose(stack("acceptance_service"), Item.REPLY_SERVICE)
    assert part.items == (Item.ACCEPTANCE_SERVICE,)
    (part,) = propose(stack("interview"), Item.CONVERSATION_RECORD)
    assert part.items == (Item.CONVERSATION_RECORD,)


def test_a_proposal_says_how_sure_it_is() -> None:
    """An ambiguous title, a page that was not read and a lacking page number cast doubt, each with its reason."""
    (part,) = propose(stack("acceptance_service"))
    assert (part.certainty, part.doubt) == (Certainty.SURE, "")
    (part,) = propose(stack("interview"))
    assert part.certainty is Certainty.UNSURE
    assert "谈话笔录" in part.doubt
    assert propose(stack("interview"), Item.CONVERSATION_RECORD)[0].certainty is Certainty.SURE
    pages = stack("interview")
    assert len(pages) > 1
    (part,) = propose(pages[:-1], Item.INTERVIEW)
    assert (part.certainty, part.doubt) == (
        Certainty.LIKELY,
        f"印着共{len(pages)}页，只见到其中{len(pages) - 1}页",
    )
    (part,) = propose_parts_from_reading(scan_reading("0" * 64, pages), len(pages) + 1, frozenset(), Item.INTERVIEW)
    assert (part.certainty, part.doubt) == (Certainty.LIKELY, f"第{len(pages) + 1}页没有识读")


def test_turned_pages_are_named_and_a_stack_without_titles_gives_nothing() -> None:
    """Evidence may have any title, and none of it is guessed."""
    pages = stack("commitment")
    (part,) = propose([turned(pages[0], 180)])
    assert (part.items, part.turned) == ((Item.COMMITMENT,), (1,))
    assert propose(stack("other", "other")) == []


def scan(pages: int) -> bytes:
    """A PDF of so many scanned pages, all different."""
    files = []
    for number in range(pages):
        image, file = Image.new("L", (1654, 2339), 255), BytesIO()
        image.paste(60, (200, 300 + 100 * number, 900, 340 + 100 * number))
        image.save(file, "PNG", dpi=(200, 200))
        files.append(file.getvalue())
    return bytes(img2pdf.convert(files))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with a stack in its folder that was read and is not listed."""
    folder = write_case(tmp_path / "case", decision="accepted", materials=[])
    pages = stack("acceptance_service", "commitment")
    (folder / "materials").mkdir(exist_ok=True)
    (folder / "materials" / "整卷.pdf").write_bytes(scan(len(pages)))
    write_record(folder, "materials/整卷.pdf", pages)
    return folder


def add(case: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    """Run `bundler add` on the stack, and return its papers."""
    run(["add", str(case), str(case / "materials" / "整卷.pdf"), "--json", *options])
    papers: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"][0]["papers"]
    return papers


def test_add_proposes_and_adds_nothing_by_itself(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--yes adds what has a QR code; what was read is only proposed."""
    papers = add(case, capsys, "--dry-run")
    assert [(one["pages"], one["items"], one["source"]) for one in papers] == [
        ("1", ["acceptance_service"], "reading"),
        ("2", ["commitment"], "reading"),
    ]
    assert papers[1]["title"] in {"息诉罢访承诺书", "息访承诺书"}
    assert papers[1]["date"] == invented_folder(0).material("commitment")["date"]
    assert [one["status"] for one in add(case, capsys, "--yes")] == ["undecided", "undecided"]
    assert read_tree(case)["materials"] == []


def test_without_a_record_nothing_changes(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file's name and text layer decide as before."""
    shutil.rmtree(case / ".readings")
    papers = add(case, capsys, "--dry-run")
    assert [(one["items"], one["source"], one["title"], one["date"]) for one in papers] == [([], "none", None, None)]
