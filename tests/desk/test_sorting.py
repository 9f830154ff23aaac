"""Scans that wait to be placed: many at once, all in one step that can be undone, and nothing is ever lost."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from bundler.commands import run
from tests.support.desk_client import Clerk, clerk, visible_text
from tests.support.paths import SAMPLES

SCANS = SAMPLES / "write-off-complete" / "materials"
PETITION, PROOF = SCANS / "执行申诉材料.pdf", SCANS / "交办通知和转交单.pdf"
RECEIPT, NOTE = SCANS / "受理告知书送达回证.jpg", SCANS / "送达地址确认书.jpg"


def visible_files(one: Clerk) -> dict[str, bytes]:
    """The files of a case that are not hidden."""
    return {
        path.relative_to(one.folder).as_posix(): path.read_bytes()
        for path in one.folder.rglob("*")
        if path.is_file() and "/." not in f"/{path.relative_to(one.folder).as_posix()}"
    }


def images_of(data: bytes) -> list[bytes]:
    """The encoded data of the image on each page of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [next(iter(page.get_images().values())).read_raw_bytes() for page in pdf.pages]


def test_several_scans_are_placed_in_one_step_and_wait_again_when_it_is_undone(tmp_path: Path) -> None:
    """Case.json names them all or none; the files never move; doing it again places them again."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        for scan in (PETITION, PROOF, RECEIPT):
            one.upload(scan)
        waiting, files = one.waiting(), visible_files(one)
        assert set(waiting) == {PETITION.name, PROOF.name, RECEIPT.name}
        parts = [f"{waiting[PETITION.name]}:other", f"{waiting[PROOF.name]}:transfer_proof"]
        assert one.place(*parts, f"{waiting[RECEIPT.name]}:acceptance_service").status_code == 200
        assert [entry["items"] for entry in one.tree()["materials"][-3:]] == [
            ["other"],
            ["transfer_proof"],
            ["acceptance_service"],
        ]
        one.undo()
        assert (one.tree()["materials"], one.waiting()) == (before["materials"], waiting)
        assert {**visible_files(one), "case.json": b""} == {**files, "case.json": b""}
        redo = re.search(r'id="redo"[^>]* value="([\d,]+)"', one.get("/materials").text)
        assert redo
        one.post("/undo", {"numbers": redo[1]})
        assert len(one.tree()["materials"]) == len(before["materials"]) + 3
        assert one.waiting() == {}


def test_a_stack_with_codes_waits_as_its_papers(tmp_path: Path) -> None:
    """The parts are placed one by one; pages that no material uses stay in sight until they are placed too."""
    with clerk(tmp_path, "incomplete") as one:
        for document in ("acceptance_notice", "registration_form"):
            path = tmp_path / f"{document}.pdf"
            command = ["render", str(one.folder), "--doc", document, "--format", "pdf", "-o", str(path)]
            assert run(command) == 0
        with pikepdf.new() as stack:
            for document in ("acceptance_notice", "registration_form"):
                with pikepdf.open(tmp_path / f"{document}.pdf") as pdf:
                    stack.pages.extend(pdf.pages)
            stack.save(tmp_path / "整叠.pdf")
        one.upload(tmp_path / "整叠.pdf")
        one.waiting()
        text = one.get("/sorting").text
        parts = re.findall(r'data-part="([^"]+)".*?data-proposed="(\w+)"', text)
        assert [item for _, item in parts] == ["acceptance_notice", "registration"]
        one.place(f"{parts[0][0]}:acceptance_notice")
        entry = one.tree()["materials"][-1]
        assert (entry["file"], entry["pages"][0]) == ("materials/整叠.pdf", "1")
        text = one.get("/sorting").text
        assert "已放的文件里没有用到的页" in visible_text(text)
        assert f'data-part="{parts[1][0]}"' in text
        one.place(f"{parts[1][0]}:registration")
        assert "没有用到的页" not in visible_text(one.get("/sorting").text)
        assert one.get("/sorting").text.count("data-part=") == 0


def test_a_slot_that_does_not_fit_is_asked_about(tmp_path: Path) -> None:
    """A file whose code names another paper is not filed where it was dropped; it waits, and the reason is told."""
    with clerk(tmp_path, "incomplete") as one:
        path = tmp_path / "回来的.pdf"
        run(["render", str(one.folder), "--doc", "acceptance_notice", "--format", "pdf", "-o", str(path)])
        before = one.tree()
        answer = one.upload(path, "evidence")
        assert "文件上的二维码是“受理告知”，不是“相关证据材料”" in visible_text(answer.text)
        assert one.tree() == before
        assert list(one.waiting()) == ["回来的.pdf"]


def test_the_same_scan_is_not_taken_in_twice(tmp_path: Path) -> None:
    """Nor is it lost: the message names the file that has the same pages."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(NOTE, "evidence")
        files = visible_files(one)
        assert "与材料里的“送达地址确认书.jpg”完全一样" in visible_text(one.upload(NOTE, name="另一个名字.jpg").text)
        assert visible_files(one) == files


def test_waiting_scans_are_turned_merged_and_split_without_loss_of_picture_data(tmp_path: Path) -> None:
    """The encoded image of each page is the same afterwards; each step can be undone, back to the files of before."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(PETITION)
        one.upload(RECEIPT)
        files, waiting = visible_files(one), one.waiting()
        images = images_of(PETITION.read_bytes())
        one.post("/sorting/merge", {"parts": " ".join(waiting[name] for name in (PETITION.name, RECEIPT.name))})
        (merged,) = one.waiting()
        data = (one.folder / "materials" / merged).read_bytes()
        order = [images_of(data)[:-1], images_of(data)[1:]]  # the page lists files by their names
        assert images in order
        jpeg = RECEIPT.read_bytes()
        with Image.open(io.BytesIO(jpeg)) as picture:
            assert picture.format == "JPEG"
        assert jpeg in images_of(data)
        key = one.waiting()[merged].partition("-")[0]
        assert one.post(f"/waiting/{key}/pages/order", {"pages": "３，１，２"}).status_code == 200
        (ordered,) = one.waiting()
        now = images_of((one.folder / "materials" / ordered).read_bytes())
        assert now == [images_of(data)[2], images_of(data)[0], images_of(data)[1]]
        key = one.waiting()[ordered].partition("-")[0]
        assert one.post(f"/waiting/{key}/pages/extract", {"pages": "2"}).status_code == 200
        assert len(one.waiting()) == 2
        for _ in range(3):
            assert one.undo().status_code == 200
        assert (visible_files(one), one.waiting()) == (files, waiting)


def test_a_paper_whose_name_speaks_for_another_place_is_placed_with_a_warning(tmp_path: Path) -> None:
    """The warning names both places; dragged to the other one, the paper is there, and undo takes that back."""
    with clerk(tmp_path, "incomplete") as one:
        told = json.loads(one.upload(RECEIPT, "evidence").headers["hx-trigger"])["desk-warning"]["text"]
        assert told.startswith("“受理告知书送达回证.jpg”放到了“相关证据材料”，按文件名却像“受理告知送达回执”")
        assert "desk-warning" not in one.upload(PETITION, "evidence").headers["hx-trigger"]
        text = one.get("/materials").text
        card = re.search(r"受理告知书送达回证.jpg</span>.*?(/materials/\d+-[0-9a-f]*)/", text, re.DOTALL)
        assert card
        data = {"from": "evidence", "to": "acceptance_service", "version": one.version(text)}
        assert one.post(f"{card[1]}/place", data).status_code == 200
        assert one.tree()["materials"][-2]["items"] == ["acceptance_service"]
        one.undo()
        assert one.tree()["materials"][-2]["items"] == ["evidence"]
        assert one.post(f"{card[1]}/place", {**data, "to": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"parts": ""}, "没有选扫描件"),
        ({"parts": "0000-1:evidence"}, "可能刚被别人放好"),
        ({"parts": "{part}"}, "没有选放在哪一项"),
        ({"parts": "{part}:evidence", "date": "2024-02-30"}, "送达地址确认书.jpg"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_the_reason(tmp_path: Path, data: dict[str, str], reason: str) -> None:
    """The file waits on, and the case is as it was."""
    with clerk(tmp_path, "incomplete") as one:
        before = one.tree()
        one.upload(NOTE)
        (part,) = one.waiting().values()
        answer = one.post("/sorting/place", {key: value.format(part=part) for key, value in data.items()})
        assert answer.status_code == 422
        assert reason in answer.text
        assert (one.tree(), list(one.waiting())) == (before, [NOTE.name])
