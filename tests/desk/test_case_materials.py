"""The materials page: uploads, slots and the actions on materials, which the commands see like any other change."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageOps, ImageStat

from bundler.commands import run
from bundler.file_inspection_record import EXTENSIONS, JPEG, PDF, PNG, TIFF
from bundler.materials.file_inspection import detect_media_type
from tests.support.desk_client import clerk, hidden_fields, visible_text
from tests.support.paths import SAMPLES, copy_sample

PETITION = SAMPLES / "write-off-complete" / "materials" / "领导批示.jpg"
RECEIPT = SAMPLES / "write-off-complete" / "materials" / "受理告知书送达回证.jpg"


def test_a_file_dropped_on_its_place_is_filed_there(tmp_path: Path) -> None:
    """A file dropped on a slot becomes a material of the case, and the commands find it."""
    with clerk(tmp_path, "incomplete") as one:
        one.post("/absent/leader_instruction/withdraw", {"version": one.version()})
        assert one.status("leader_instruction") == "missing"
        assert "领导批示.jpg" in one.upload(PETITION, "leader_instruction").text
        assert one.status("leader_instruction") == "present"
        assert (one.folder / "materials" / "领导批示.jpg").read_bytes() == PETITION.read_bytes()


def test_a_day_without_which_a_paper_does_not_count_is_asked_at_its_card(tmp_path: Path) -> None:
    """A receipt counts once its date is filled in at its card."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.upload(RECEIPT, "acceptance_service").text
        assert one.status("acceptance_service") == "missing"
        assert re.search(r'class="day asked".*?>签收日期<', text, re.DOTALL)
        card = one.card("受理告知送达回执")
        one.post(f"{card}/day/signed_on", {"value": "2021-10-29", "version": one.version()})
        assert one.status("acceptance_service") == "present"


def test_of_two_dates_of_which_either_suffices_one_is_asked(tmp_path: Path) -> None:
    """A reply may be posted instead of signed for."""
    with clerk(tmp_path, "incomplete") as one:
        place = one.upload(RECEIPT, "reply_service").text.partition('id="place-reply_service"')[2]
        cards = re.findall(r'<li class="card".*?</li>', place, re.DOTALL)
        card = next(found for found in cards if RECEIPT.stem in found)
        assert card.count('class="day asked"') == 1
        assert "签收日期（或者交寄日期）" in card


def test_a_file_dropped_on_the_page_waits_until_it_is_placed(tmp_path: Path) -> None:
    """The sorting page proposes an item, and the case is unchanged until the clerk places the file."""
    with clerk(tmp_path, "incomplete") as one:
        data = (one.folder / "case.json").read_bytes()
        assert one.upload(PETITION).headers["hx-redirect"].endswith("/sorting")
        part = one.waiting()["领导批示.jpg"]
        assert "看来是：相关领导批示（多半对；依据：文件名）" in visible_text(one.get("/sorting").text)
        assert (one.folder / "case.json").read_bytes() == data
        one.place(f"{part}:evidence", date="2021-11-05")
        entry = one.tree()["materials"][-1]
        assert entry == {"items": ["evidence"], "file": "materials/领导批示.jpg", "date": "2021-11-05"}
        assert one.waiting() == {}


def test_a_file_input_offers_every_extension_of_an_accepted_type(tmp_path: Path) -> None:
    """Also .jpe and .jfif, which browsers and scanners write; on the pages of materials and of documents, besides the camera."""
    expected = {extension for extensions in EXTENSIONS.values() for extension in extensions}
    with clerk(tmp_path, "write-off-complete") as one:
        inputs = re.findall(r'<input type="file"[^>]*>', one.get("/materials").text + one.get("/papers").text)
    inputs = [one for one in inputs if " capture=" not in one]
    offered = [re.search(r'accept="([^"]*)"', one) for one in inputs]
    assert len(inputs) > len(expected)
    assert all(found and set(found[1].split(",")) == expected for found in offered)


def test_a_file_that_is_not_wanted_goes_into_the_bin(tmp_path: Path) -> None:
    """It cannot be placed any more; from the bin it comes back and waits again."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(PETITION)
        part = one.waiting()["领导批示.jpg"]
        assert one.post("/sorting/discard", {"parts": part}).status_code == 200
        assert one.place(f"{part}:evidence").status_code == 422
        assert not (one.folder / "materials" / "领导批示.jpg").exists()
        number = re.search(r"/bin/(\d+)/restore", one.get("/history").text)
        assert number
        one.post(f"/bin/{number[1]}/restore")
        assert one.waiting() == {"领导批示.jpg": part}
        assert (one.folder / "materials" / "领导批示.jpg").read_bytes() == PETITION.read_bytes()


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "空文件"), (b"%PDF-1.4 broken", "损坏"), (b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版 Office")],
    ids=["empty", "broken", "doc"],
)
def test_what_cannot_be_bound_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    """A file that the gate would reject is refused with the reason."""
    with clerk(tmp_path, "incomplete") as one:
        before = sorted(one.folder.rglob("*"))
        answer = one.post("/uploads", {"item": "evidence"}, files=[("files", ("证据.pdf", data))])
        assert "没有收下" in visible_text(answer.text)
        assert reason in visible_text(answer.text)
        assert sorted(one.folder.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../外面.jpg", "/etc/外面.jpg", "..\\外面.jpg", ".隐藏.jpg"])
def test_a_name_from_the_browser_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Whatever a file is called, it is stored in the case's folder of materials."""
    with clerk(tmp_path, "incomplete") as one:
        one.upload(PETITION, "evidence", name)
        file = one.tree()["materials"][-1]["file"]
        assert re.fullmatch(r"materials/(外面|隐藏)\.jpg", file)
        assert (one.folder / file).is_file()
        assert not list(tmp_path.glob("外面*"))


def test_a_file_in_the_folder_that_nothing_names_can_be_taken_in(tmp_path: Path) -> None:
    """A file that was copied into the folder waits with a guess, and is added where the clerk says."""
    with clerk(tmp_path, "incomplete") as one:
        shutil.copy(PETITION, one.folder / "materials" / "领导批示.jpg")
        assert "待放的扫描件（1）" in visible_text(one.get("/materials").text)
        one.place(f"{one.waiting()['领导批示.jpg']}:evidence")
        assert one.tree()["materials"][-1]["file"] == "materials/领导批示.jpg"
        assert "FILE-UNLISTED" not in {rule for rule, _ in one.rules()}


def test_papers_of_a_place_change_their_order_by_buttons(tmp_path: Path) -> None:
    """The buttons move a material within its slot, whatever is between the two in case.json."""
    with clerk(tmp_path, "write-off-complete") as one:

        def names() -> list[str]:
            return [entry["file"] for entry in one.tree()["materials"] if "evidence" in entry["items"]]

        before = names()
        place = {"place": "evidence", "version": one.version()}
        first = re.search(r'id="card-evidence-[0-9a-f]+".*?(/materials/[^"/]+)/', one.get("/materials").text, re.DOTALL)
        assert first
        one.post(f"{first[1]}/move/later", place)
        assert names() == [before[1], before[0], *before[2:]]


def test_a_paper_gets_its_name_and_serves_two_places(tmp_path: Path) -> None:
    """The details form sets title, number and items of a material."""
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
    """A removed material is no longer part of the case, and restoring it brings it back unchanged."""
    with clerk(tmp_path, "incomplete") as one:
        entry = one.tree()["materials"][0]
        data = (one.folder / entry["file"]).read_bytes()
        one.post(f"{one.card('约谈（谈话）笔录')}/take-away", {"version": one.version()})
        assert one.status("interview") == "missing"
        assert not (one.folder / entry["file"]).exists()
        assert "FILE-UNLISTED" not in {rule for rule, _ in one.rules()}
        text = one.get("/history").text
        assert "取走材料" in visible_text(text)
        number = re.search(r"/bin/(\d+)/restore", text)
        assert number
        one.post(f"/bin/{number[1]}/restore")
        assert one.status("interview") == "present"
        assert one.tree()["materials"][-1] == entry
        assert (one.folder / entry["file"]).read_bytes() == data
        assert one.post(f"/bin/{number[1]}/restore").status_code == 422


def test_a_file_is_replaced_and_the_earlier_one_is_kept(tmp_path: Path) -> None:
    """The new file gets the same entry; the old one is in the recycle bin."""
    with clerk(tmp_path, "incomplete") as one:
        entry = one.tree()["materials"][0]
        answer = one.post(
            f"{one.card('约谈（谈话）笔录')}/replace", files=[("files", ("新.jpg", PETITION.read_bytes()))]
        )
        assert answer.status_code == 200
        assert one.tree()["materials"][0] == {**entry, "file": "materials/新.jpg"}
        assert not (one.folder / entry["file"]).exists()
        assert "被替换" in visible_text(one.get("/history").text)


def as_displayed(data: bytes, page: int = 0) -> Image.Image:
    """A page of an image file as a viewer shows it."""
    image = Image.open(io.BytesIO(data))
    image.seek(page)
    return ImageOps.exif_transpose(image).convert("RGB")


@pytest.mark.parametrize("kind", [JPEG, PNG, TIFF])
def test_a_picture_is_turned_without_loss(tmp_path: Path, kind: str) -> None:
    """An image rotated to the right has the same pixels, rotated; rotating back gives the original file, kept in the bin."""
    with clerk(tmp_path, "write-off-complete") as one:
        entries = one.tree()["materials"]
        at = next(n for n, e in enumerate(entries) if detect_media_type((one.folder / e["file"]).read_bytes()) == kind)
        path = one.folder / entries[at]["file"]
        original = path.read_bytes()
        before = as_displayed(original)

        def turn(way: str) -> None:
            name = re.search(rf"/materials/{at}-[0-9a-f]+", one.get("/materials").text)
            assert name
            assert one.post(f"{name[0]}/turn/{way}").status_code == 200

        turn("turn-right")
        after = as_displayed(path.read_bytes())
        assert after.tobytes() == before.transpose(Image.Transpose.ROTATE_270).tobytes()
        assert one.checked()["complete"]
        assert [copy.read_bytes() for copy in one.folder.glob(".bundler-bin/*/file")] == [original]
        assert "转页以前的原件" in visible_text(one.get("/history").text)
        turn("turn-right")
        assert len(list(one.folder.glob(".bundler-bin/*/file"))) == 1
        turn("turn-left")
        turn("turn-left")
        assert path.read_bytes() == original
        assert not list(one.folder.glob(".bundler-bin/*/file"))


def test_a_pdf_is_turned_page_by_page(tmp_path: Path) -> None:
    """Rotating changes only the rotation of the PDF's pages."""
    with clerk(tmp_path, "incomplete") as one:
        path = one.folder / one.tree()["materials"][0]["file"]
        assert detect_media_type(path.read_bytes()) == PDF
        one.post(f"{one.card('约谈（谈话）笔录')}/turn/turn-right")
        with pikepdf.open(path) as pdf:
            assert [int(page.obj.get("/Rotate", 0)) for page in pdf.pages] == [90, 90]
        answer = one.post(f"{one.card('约谈（谈话）笔录')}/pages/turn-left", {"pages": "２"})
        assert answer.headers["hx-retarget"] == "#dialog"
        with pikepdf.open(path) as pdf:
            assert [int(page.obj.get("/Rotate", 0)) for page in pdf.pages] == [90, 0]


def test_a_paper_that_does_not_exist_is_declared(tmp_path: Path) -> None:
    """确无此件 takes a reason and an approver and can be changed and withdrawn; only three items allow it."""
    with clerk(tmp_path, "incomplete") as one:
        one.post("/absent/leader_instruction/withdraw", {"version": one.version()})
        assert one.status("leader_instruction") == "missing"
        declaration = {"reason": "本案无领导批示", "approved_by": "王某某", "approved_on": "2021-11-02"}
        one.post("/absent/leader_instruction", {**declaration, "version": one.version()})
        assert one.status("leader_instruction") == "absent"
        assert {"item": "leader_instruction", **declaration} in one.tree()["absent"]
        assert one.post("/absent/commitment", declaration).status_code == 404


def test_a_page_is_a_picture_that_the_browser_may_keep(tmp_path: Path) -> None:
    """A page image is cached by its digest and not sent twice; any other name is not found."""
    with clerk(tmp_path, "incomplete") as one:
        card = one.card("约谈（谈话）笔录")
        small, large = (one.get(f"{card}/pages/1?size={size}") for size in ("thumb", "page"))
        assert Image.open(io.BytesIO(small.content)).size < Image.open(io.BytesIO(large.content)).size
        assert large.headers["cache-control"].startswith("private")
        assert one.get(f"{card}/pages/1?size=page", **{"if-none-match": large.headers["etag"]}).status_code == 304
        assert one.get(f"{card}/pages/99").status_code == 404
        assert one.get(f"{card[:-1]}0/pages/1").status_code == 404
        viewer = one.get(f"{card}/view").text
        assert viewer.count("data-page=") == 2
        kept = one.get(f"{card}/file")
        assert kept.content == (one.folder / one.tree()["materials"][0]["file"]).read_bytes()


def test_a_picture_of_sixteen_bits_is_shown_as_it_is_bound(tmp_path: Path) -> None:
    """A grey image of 16 bits is shown grey, not white."""
    with clerk(tmp_path, "incomplete") as one:
        target = io.BytesIO()
        grey = Image.new("I;16", (1240, 1754), 30_000)
        grey.paste(25_000, (300, 300, 600, 600))
        grey.save(target, "PNG", dpi=(150, 150))
        (tmp_path / "灰.png").write_bytes(target.getvalue())
        one.upload(tmp_path / "灰.png", "evidence")
        shown = one.get(f"{one.card('相关证据材料')}/pages/1?size=thumb").content
        with Image.open(io.BytesIO(shown)) as image:
            assert 100 < ImageStat.Stat(image.convert("L")).mean[0] < 130


def test_a_paper_of_another_case_is_not_put_back(tmp_path: Path) -> None:
    """A file with the QR code of another case is refused in any slot."""
    other = copy_sample("write-off-complete", tmp_path / "另案")
    with clerk(tmp_path, "incomplete") as one:
        run(
            [
                "render",
                str(other),
                "--doc",
                "acceptance_notice",
                "--format",
                "pdf",
                "-o",
                str(tmp_path / "a.pdf"),
            ]
        )
        data = (one.folder / "case.json").read_bytes()
        answer = one.upload(tmp_path / "a.pdf", "acceptance_notice")
        assert "二维码不是本案的" in visible_text(answer.text)
        assert (one.folder / "case.json").read_bytes() == data


@pytest.mark.parametrize("file", ["../外面.pdf", "materials/../../外面.pdf", "materials/没有.pdf", "link.pdf"])
def test_nothing_outside_the_folder_is_ever_taken_away(tmp_path: Path, file: str) -> None:
    """Removing and restoring an entry whose file is missing or outside the folder touches no file."""
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
    """Two edits of different details of the same version of a material are both saved."""
    with clerk(tmp_path, "incomplete") as one:
        text = one.get("/materials").text
        seen, card = one.version(text), one.card("约谈（谈话）笔录")
        same = {"title": "约谈（谈话）笔录", "date": "2021-10-27", "signed_on": "2021-10-27", "version": seen}
        one.post(f"{card}/details", {**same, "author": "某某法院"})
        one.post(f"{card}/details", {**same, "document_no": "样2号"})
        entry = one.tree()["materials"][0]
        assert (entry["author"], entry["document_no"]) == ("某某法院", "样2号")


def test_a_paper_that_was_renamed_meanwhile_is_not_taken_away_unseen(tmp_path: Path) -> None:
    """The second clerk is shown the new title and removes the material again; the bin keeps the new title."""
    with clerk(tmp_path, "incomplete") as one:
        seen, card = one.version(), one.card("约谈（谈话）笔录")
        entry = one.tree()["materials"][0]
        one.post(f"{card}/details", {**entry, "title": "约谈笔录（一）", "version": seen})
        answer = one.post(f"{card}/take-away", {"version": seen})
        assert "约谈笔录（一）" in visible_text(answer.text)
        assert "你要写的：（删去）。这一行已经改成别的内容" in visible_text(answer.text)
        one.post("/settle", {**hidden_fields(answer.text), "choice-0": "theirs"})
        assert one.tree()["materials"][0]["title"] == "约谈笔录（一）"
        one.post(f"{card}/take-away", {"version": one.version()})
        one.post("/bin/1/restore")
        assert one.tree()["materials"][-1]["title"] == "约谈笔录（一）"
