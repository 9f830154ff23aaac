"""The materials, papers and bundle of a case at the desk: what the page does is what the commands do and see."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageOps, ImageStat

from bundler.bundle.check import check_case
from bundler.commands import run
from bundler.desk.cases import case_view
from bundler.file_record import JPEG, PDF, PNG, TIFF
from bundler.materials.inspect import detect_media_type
from tests.support.desk_client import TODAY, Clerk, clerk, mine, words
from tests.support.paths import SAMPLES

PETITION = SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg"
RECEIPT = SAMPLES / "write-off-complete" / "materials" / "受理告知书送达回证.jpg"


def sent(one: Clerk, path: Path, item: str = "", name: str = "") -> Any:  # noqa: ANN401 (the client's answer)
    """A file sent up: dropped on a place, or on the page."""
    return one.post("/uploads", {"item": item}, files=[("files", (name or path.name, path.read_bytes()))])


def test_a_file_dropped_on_its_place_is_filed_there(tmp_path: Path) -> None:
    """A file dropped on a place lies there as one of the case's papers, and the commands find it."""
    with clerk(tmp_path, "incomplete") as one:
        one.post("/absent/leader_instruction/withdraw", {"version": one.version()})
        assert one.status("leader_instruction") == "missing"
        assert "领导批示.jpg" in sent(one, PETITION, "leader_instruction").text
        assert one.status("leader_instruction") == "present"
        assert (one.folder / "materials" / "领导批示.jpg").read_bytes() == PETITION.read_bytes()


def test_a_day_without_which_a_paper_does_not_count_is_asked_at_its_card(tmp_path: Path) -> None:
    """A receipt counts once its day is filled in at its card."""
    with clerk(tmp_path, "incomplete") as one:
        text = sent(one, RECEIPT, "acceptance_service").text
        assert one.status("acceptance_service") == "missing"
        assert 'class="day asked">签收日期' in text
        card = one.card("受理告知送达回执")
        one.post(f"{card}/day/signed_on", {"value": "2021-10-29", "version": one.version()})
        assert one.status("acceptance_service") == "present"


def test_a_file_dropped_on_the_page_is_asked_about_first(tmp_path: Path) -> None:
    """What nobody has placed is proposed, and the case stays as it was until the clerk has said what it is."""
    with clerk(tmp_path, "incomplete") as one:
        data, files = (one.folder / "case.json").read_bytes(), sorted(one.folder.rglob("*"))
        answer = sent(one, PETITION)
        assert "看来是：相关领导批示（依据：文件名）" in words(answer.text)
        assert (one.folder / "case.json").read_bytes() == data
        assert [path for path in sorted(one.folder.rglob("*")) if not path.name.startswith(".bundler-")] == files
        token = mine(answer.text)["token"]
        one.post("/uploads/place", {"token": token, f"item-{token}-0": "evidence", f"date-{token}-0": "2021-11-05"})
        entry = one.tree()["materials"][-1]
        assert entry == {"items": ["evidence"], "file": "materials/领导批示.jpg", "date": "2021-11-05"}


def test_a_file_that_is_not_wanted_leaves_nothing(tmp_path: Path) -> None:
    """A file that the clerk does not want is gone, and can be placed no more."""
    with clerk(tmp_path, "incomplete") as one:
        token = mine(sent(one, PETITION).text)["token"]
        one.post("/uploads/forget", {"token": token})
        answer = one.post("/uploads/place", {"token": token, f"item-{token}-0": "evidence"})
        assert answer.status_code == 410
        assert not list(one.folder.rglob("领导批示*"))


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "空文件"), (b"%PDF-1.4 broken", "损坏"), (b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版 Office")],
    ids=["empty", "broken", "doc"],
)
def test_what_cannot_be_bound_is_refused_with_the_reason(tmp_path: Path, data: bytes, said: str) -> None:
    """A file that the gate would not take is not taken in, and what is wrong with it is said."""
    with clerk(tmp_path, "incomplete") as one:
        before = sorted(one.folder.rglob("*"))
        answer = one.post("/uploads", {"item": "evidence"}, files=[("files", ("证据.pdf", data))])
        assert "没有收下" in words(answer.text)
        assert said in words(answer.text)
        assert sorted(one.folder.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../外面.jpg", "/etc/外面.jpg", "..\\外面.jpg", ".隐藏.jpg"])
def test_a_name_from_the_browser_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Whatever a file is called, it lies in the case's own folder of materials."""
    with clerk(tmp_path, "incomplete") as one:
        sent(one, PETITION, "evidence", name)
        file = one.tree()["materials"][-1]["file"]
        assert re.fullmatch(r"materials/(外面|隐藏)\.jpg", file)
        assert (one.folder / file).is_file()
        assert not list(tmp_path.glob("外面*"))


def test_a_file_in_the_folder_that_nothing_names_can_be_taken_in(tmp_path: Path) -> None:
    """What somebody put into the folder by hand is shown with a guess, and taken in where the clerk says."""
    with clerk(tmp_path, "incomplete") as one:
        shutil.copy(PETITION, one.folder / "materials" / "领导批示.jpg")
        text = one.get("/materials").text
        assert "没有列入的文件（1）" in words(text)
        stray = re.search(r"/strays/([0-9a-f]+)", text)
        assert stray
        token = mine(one.post(f"/strays/{stray[1]}").text)["token"]
        one.post("/uploads/place", {"token": token, f"item-{token}-0": "evidence"})
        assert one.tree()["materials"][-1]["file"] == "materials/领导批示.jpg"
        assert "FILE-UNLISTED" not in {rule for rule, _ in one.rules()}


def test_two_files_in_one_folder_are_asked_about_side_by_side(tmp_path: Path) -> None:
    """What is said of one is never taken for the other, whoever was asked last."""
    with clerk(tmp_path, "incomplete") as one:
        for name, source in (("甲.jpg", PETITION), ("乙.pdf", SAMPLES / "incomplete/materials/约谈笔录.pdf")):
            shutil.copy(source, one.folder / "materials" / name)
        asked = [
            (words(page), mine(page)["token"])
            for key in re.findall(r"/strays/([0-9a-f]+)", one.get("/materials").text)
            for page in [one.post(f"/strays/{key}").text]
        ]
        said, token = asked[0]
        one.post("/uploads/place", {"token": token, f"item-{token}-0": "other"})

        assert one.tree()["materials"][-1]["file"] in said


def test_papers_of_a_place_change_their_order_by_buttons(tmp_path: Path) -> None:
    """Earlier and later move a paper within its place, whatever lies between in case.json."""
    with clerk(tmp_path, "write-off-complete") as one:

        def names() -> list[str]:
            return [entry["file"] for entry in one.tree()["materials"] if "evidence" in entry["items"]]

        before = names()
        card = re.findall(r'hx-post="[^"]*(/materials/[^"/]+)/move/later"', one.get("/materials").text)
        place = {"place": "evidence", "version": one.version()}
        titles = re.search(
            r'id="place-evidence".*?<li class="card" id="card-evidence-(\d+)"', one.get("/materials").text, re.DOTALL
        )
        assert titles
        first = next(one_card for one_card in card if one_card.startswith(f"/materials/{titles[1]}-"))
        one.post(f"{first}/move/later", place)
        assert names() == [before[1], before[0], *before[2:]]


def test_a_paper_gets_its_name_and_serves_two_places(tmp_path: Path) -> None:
    """Title, number and places of a paper are those that the clerk fills in."""
    with clerk(tmp_path, "incomplete") as one:
        card = one.card("约谈（谈话）笔录")
        data = {
            "title": "约谈笔录（第二次）",
            "document_no": "样〔2021〕1号",
            "date": "2021-10-27",
            "signed_on": "2021-10-27",
        }
        one.post(f"{card}/details", {**data, "items": ["interview", "conversation_record"], "version": one.version()})
        entry = one.tree()["materials"][0]
        assert entry["title"] == "约谈笔录（第二次）"
        assert entry["document_no"] == "样〔2021〕1号"
        assert entry["items"] == ["interview", "conversation_record"]


def test_what_is_taken_away_lies_in_the_bin_and_comes_back(tmp_path: Path) -> None:
    """A paper taken away is no paper of the case, is not lost, and comes back as it was."""
    with clerk(tmp_path, "incomplete") as one:
        entry = one.tree()["materials"][0]
        data = (one.folder / entry["file"]).read_bytes()
        one.post(f"{one.card('约谈（谈话）笔录')}/take-away", {"version": one.version()})
        assert one.status("interview") == "missing"
        assert not (one.folder / entry["file"]).exists()
        assert "FILE-UNLISTED" not in {rule for rule, _ in one.rules()}
        text = one.get("/history").text
        assert "取走材料" in words(text)
        number = re.search(r"/bin/(\d+)/restore", text)
        assert number
        one.post(f"/bin/{number[1]}/restore")
        assert one.status("interview") == "present"
        assert one.tree()["materials"][-1] == entry
        assert (one.folder / entry["file"]).read_bytes() == data
        assert one.post(f"/bin/{number[1]}/restore").status_code == 422


def test_a_file_is_replaced_and_the_earlier_one_is_kept(tmp_path: Path) -> None:
    """A replaced file serves the same entry; the earlier one lies in the bin."""
    with clerk(tmp_path, "incomplete") as one:
        entry = one.tree()["materials"][0]
        answer = one.post(
            f"{one.card('约谈（谈话）笔录')}/replace", files=[("files", ("新.jpg", PETITION.read_bytes()))]
        )
        assert answer.status_code == 200
        assert one.tree()["materials"][0] == {**entry, "file": "materials/新.jpg"}
        assert not (one.folder / entry["file"]).exists()
        assert "被替换" in words(one.get("/history").text)


def upright(data: bytes, page: int = 0) -> Image.Image:
    """A picture as a viewer shows it."""
    image = Image.open(io.BytesIO(data))
    image.seek(page)
    return ImageOps.exif_transpose(image).convert("RGB")


@pytest.mark.parametrize("kind", [JPEG, PNG, TIFF])
def test_a_picture_is_turned_without_loss(tmp_path: Path, kind: str) -> None:
    """A picture turned to the right shows the same pixels turned, and turned back it is what it was."""
    with clerk(tmp_path, "write-off-complete") as one:
        entries = one.tree()["materials"]
        at = next(n for n, e in enumerate(entries) if detect_media_type((one.folder / e["file"]).read_bytes()) == kind)
        path = one.folder / entries[at]["file"]
        before = upright(path.read_bytes())

        def turn(way: str) -> None:
            name = re.search(rf"/materials/{at}-[0-9a-f]+", one.get("/materials").text)
            assert name
            assert one.post(f"{name[0]}/turn/{way}").status_code == 200

        turn("turn-right")
        after = upright(path.read_bytes())
        assert after.tobytes() == before.transpose(Image.Transpose.ROTATE_270).tobytes()
        assert one.checked()["complete"]
        turn("turn-left")
        assert upright(path.read_bytes()).tobytes() == before.tobytes()


def test_a_pdf_is_turned_page_by_page(tmp_path: Path) -> None:
    """The pages of a PDF are turned, and nothing else of them is touched."""
    with clerk(tmp_path, "incomplete") as one:
        path = one.folder / one.tree()["materials"][0]["file"]
        assert detect_media_type(path.read_bytes()) == PDF
        one.post(f"{one.card('约谈（谈话）笔录')}/turn/turn-right")
        with pikepdf.open(path) as pdf:
            assert [int(page.obj.get("/Rotate", 0)) for page in pdf.pages] == [90, 90]
        answer = one.post(f"{one.card('约谈（谈话）笔录')}/turn/turn-left", {"page": "2", "viewer": "yes"})
        assert "左转这页" in answer.text
        with pikepdf.open(path) as pdf:
            assert [int(page.obj.get("/Rotate", 0)) for page in pdf.pages] == [90, 0]


def test_a_paper_that_does_not_exist_is_declared(tmp_path: Path) -> None:
    """确无此件 takes a reason and an approver, can be changed, and can be taken back; only three places allow it."""
    with clerk(tmp_path, "incomplete") as one:
        one.post("/absent/leader_instruction/withdraw", {"version": one.version()})
        assert one.status("leader_instruction") == "missing"
        told = {"reason": "本案无领导批示", "approved_by": "王某某", "approved_on": "2021-11-02"}
        one.post("/absent/leader_instruction", {**told, "version": one.version()})
        assert one.status("leader_instruction") == "absent"
        assert {"item": "leader_instruction", **told} in one.tree()["absent"]
        assert one.post("/absent/commitment", told).status_code == 404


def test_a_page_is_a_picture_that_the_browser_may_keep(tmp_path: Path) -> None:
    """Pages come as pictures by place and digest; one that is known is not sent again, and no other name leads to one."""
    with clerk(tmp_path, "incomplete") as one:
        card = one.card("约谈（谈话）笔录")
        small, large = (one.get(f"{card}/pages/1?size={size}") for size in ("thumb", "page"))
        assert Image.open(io.BytesIO(small.content)).size < Image.open(io.BytesIO(large.content)).size
        assert large.headers["cache-control"].startswith("private")
        assert one.get(f"{card}/pages/1?size=page", **{"if-none-match": large.headers["etag"]}).status_code == 304
        assert one.get(f"{card}/pages/99").status_code == 404
        assert one.get(f"{card[:-1]}0/pages/1").status_code == 404
        viewer = one.get(f"{card}/view").text
        assert viewer.count("<img") == 2
        kept = one.get(f"{card}/file")
        assert kept.content == (one.folder / one.tree()["materials"][0]["file"]).read_bytes()


def test_a_picture_of_sixteen_bits_is_shown_as_it_is_bound(tmp_path: Path) -> None:
    """Grey stays grey, and is not taken for white."""
    with clerk(tmp_path, "incomplete") as one:
        target = io.BytesIO()
        Image.new("I;16", (1240, 1754), 30_000).save(target, "PNG", dpi=(150, 150))
        (tmp_path / "灰.png").write_bytes(target.getvalue())
        sent(one, tmp_path / "灰.png", "evidence")
        shown = one.get(f"{one.card('相关证据材料')}/pages/1?size=thumb").content
        with Image.open(io.BytesIO(shown)) as image:
            assert 100 < ImageStat.Stat(image.convert("L")).mean[0] < 130


def test_papers_are_those_that_render_makes(tmp_path: Path) -> None:
    """The Word file and the PDF of a paper are byte for byte those of ``render``; what others lack is linked."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/papers").text
        assert "还不能生成的文书" in words(text)
        for kind in ("docx", "pdf"):
            run(
                [
                    "render",
                    str(one.folder),
                    "--doc",
                    "acceptance_notice",
                    "--format",
                    kind,
                    "-o",
                    str(tmp_path / f"a.{kind}"),
                ]
            )
            assert one.get(f"/papers/acceptance_notice-1/{kind}").content == (tmp_path / f"a.{kind}").read_bytes()
        assert one.get("/papers/acceptance_notice-1/view").text.count("<img") >= 1
        assert one.get("/papers/acceptance_notice-1/pages/1").headers["content-type"] == "image/webp"
        assert one.get("/papers/return_notice-1/docx").status_code == 200
        assert one.get("/papers/coordination_record-1/docx").status_code == 404


def test_a_paper_of_another_case_is_not_put_back(tmp_path: Path) -> None:
    """A paper that bears the code of another case is refused, wherever it is dropped."""
    with clerk(tmp_path, "incomplete") as one:
        run(
            [
                "render",
                str(SAMPLES / "write-off-complete"),
                "--doc",
                "acceptance_notice",
                "--format",
                "pdf",
                "-o",
                str(tmp_path / "a.pdf"),
            ]
        )
        data = (one.folder / "case.json").read_bytes()
        answer = sent(one, tmp_path / "a.pdf", "acceptance_notice")
        assert "二维码不是本案的" in words(answer.text)
        assert (one.folder / "case.json").read_bytes() == data


def test_the_bundle_is_the_one_that_build_makes(tmp_path: Path) -> None:
    """One button makes the bundle, in steps that are told; it is ``build``'s own, and it proves itself."""
    with clerk(tmp_path, "write-off-complete") as one:
        assert "正在成卷" in one.post("/bundle", {"kind": "write-off", "scope": "whole"}).text
        told = one.get("/bundle/progress").text
        assert told.rstrip().endswith("data:")
        assert "event: over" in told
        number = one.tree()["registration"]["no"]
        made = (one.folder / f"{number}.pdf").read_bytes()
        run(["build", str(one.folder), "-o", str(tmp_path / "b.pdf"), "--today", TODAY.isoformat()])
        assert made == (tmp_path / "b.pdf").read_bytes()
        digest = hashlib.sha256(made).hexdigest()
        assert digest in one.get("/bundle").text
        assert one.get(f"/bundle/{digest}/file").content == made
        assert "与成卷时一致。" in one.post(f"/bundle/{digest}/proof").text
        one.fill("/registration/note", "后来改动")
        assert "成卷以后案件改动过" in one.get("/bundle").text
        assert one.checked()["complete"]


def test_a_closed_gate_makes_nothing(tmp_path: Path) -> None:
    """While an error stands the button is closed, each finding leads to its place, and asking makes nothing."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/bundle").text
        assert re.search(r'<button type="submit" class="primary" disabled', text)
        assert f"{one.base}/materials#place-acceptance_service" in text
        one.post("/bundle", {"kind": "archive", "scope": "whole"})
        time.sleep(0.1)
        assert not list(one.folder.glob("*.pdf"))


def test_what_is_done_stands_in_the_history(tmp_path: Path) -> None:
    """Each change is a line of the history that ``history`` reads and finds whole."""
    with clerk(tmp_path, "incomplete") as one:
        one.fill("/registration/note", "备注")
        sent(one, PETITION, "evidence")
        text = words(one.get("/history").text)
        assert "加入材料" in text
        assert "修改：信访件登记的备注" in text
        assert run(["history", str(one.folder)]) == 0
        assert (
            json.loads((one.folder / ".bundler-history.jsonl").read_text("ascii").splitlines()[0])["action"] == "edit"
        )


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"materials": 1}', b'{"materials": [{"file": "a"}], "petitioners": {}}', b"\xff\xfe"]
)
def test_a_case_that_cannot_be_read_still_has_its_pages(tmp_path: Path, data: bytes) -> None:
    """Whatever stands in case.json, every page of the case comes, and says what is wrong."""
    with clerk(tmp_path, "incomplete") as one:
        (one.folder / "case.json").write_bytes(data)
        for part in ("", "/materials", "/papers", "/bundle", "/history"):
            assert one.get(part).status_code == 200, part
        assert "finding error" in one.get("/bundle").text


@pytest.mark.parametrize("file", ["../外面.pdf", "materials/../../外面.pdf", "materials/没有.pdf", "link.pdf"])
def test_nothing_outside_the_folder_is_ever_taken_away(tmp_path: Path, file: str) -> None:
    """An entry whose file is not there, or lies outside, goes into the bin and comes back alone; no other file is touched."""
    with clerk(tmp_path, "incomplete") as one:
        outside = one.folder.parent / "外面.pdf"
        outside.write_bytes(b"%PDF-1.4")
        (one.folder / "link.pdf").symlink_to(outside)
        tree = one.tree()
        tree["materials"][0] |= {"file": file, "title": "外面的文件"}
        (one.folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        card = one.card("外面的文件")
        assert one.get(f"{card}/file").status_code != 200
        assert one.post(f"{card}/take-away", {"version": one.version()}).status_code == 200
        assert one.tree()["materials"] == tree["materials"][1:]
        assert outside.read_bytes() == b"%PDF-1.4"
        one.post("/bin/1/restore")
        assert one.tree()["materials"][-1]["file"] == file


def test_two_clerks_on_one_paper_lose_nothing(tmp_path: Path) -> None:
    """One names a paper's author while another, who saw it without, gives it a number: both stand."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/materials").text
        seen, card = one.version(text), one.card("约谈（谈话）笔录")
        same = {"title": "约谈（谈话）笔录", "date": "2021-10-27", "signed_on": "2021-10-27", "version": seen}
        one.post(f"{card}/details", {**same, "author": "某某法院"})
        one.post(f"{card}/details", {**same, "document_no": "样2号"})
        entry = one.tree()["materials"][0]
        assert (entry["author"], entry["document_no"]) == ("某某法院", "样2号")


def test_a_paper_that_was_renamed_meanwhile_is_not_taken_away_unseen(tmp_path: Path) -> None:
    """The second clerk sees what it is called now and takes it away anew; then it lies in the bin with that name."""
    with clerk(tmp_path, "incomplete") as one:
        seen, card = one.version(), one.card("约谈（谈话）笔录")
        entry = one.tree()["materials"][0]
        one.post(f"{card}/details", {**entry, "title": "约谈笔录（一）", "version": seen})
        answer = one.post(f"{card}/take-away", {"version": seen})
        assert "约谈笔录（一）" in words(answer.text)
        assert "你要写的：（删去）。这一行已经改成别的内容" in words(answer.text)
        one.post("/settle", {**mine(answer.text), "choice-0": "theirs"})
        assert one.tree()["materials"][0]["title"] == "约谈笔录（一）"
        one.post(f"{card}/take-away", {"version": one.version()})
        one.post("/bin/1/restore")
        assert one.tree()["materials"][-1]["title"] == "约谈笔录（一）"


def changed_in_place(path: Path, old: bytes, new: bytes) -> None:
    """Other bytes of the same number in the same file, which bears the same time as before."""
    status, data = path.stat(), path.read_bytes()
    assert len(old) == len(new)
    assert old in data
    with path.open("r+b") as file:
        file.write(data.replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_gate_is_asked_again_when_a_file_is_another_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of an unchanged case share its answer; what another program writes is on the next page, however it was written."""
    asked: list[str] = []

    def counted(given: str, **more: Any) -> Any:  # noqa: ANN401 (handed through)
        asked.append(given)
        return check_case(given, **more)

    monkeypatch.setattr(case_view, "check_case", counted)
    monkeypatch.setattr(case_view, "_SETTLE_SECONDS", -1.0)
    with clerk(tmp_path, "write-off-complete") as one:
        for path in ("", "/materials", "/papers", "/bundle"):
            assert "材料齐全，可以成卷" in one.get(path).text
        assert len(asked) == 1
        changed_in_place(one.folder / "case.json", "上级法院交办".encode(), "上级法院来信".encode())
        assert 'value="上级法院来信"' in one.get().text
        assert len(asked) == 2
        changed_in_place(one.folder / "materials" / "领导批示.jpg", b"\xff\xd8\xff", b"\0\0\0")
        assert "必须补正" in one.get("/bundle").text
        assert len(asked) == 3
