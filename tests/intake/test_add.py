"""Scans are recognised by code, name or text, and split into their parts; nothing is decided silently."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bundler.case.validation import validate_tree
from bundler.case_edit import save
from bundler.case_edit.lock import TEMPORARY_PREFIX
from bundler.case_edit.rewrite_changed_json import rewrite
from bundler.commands import run
from bundler.documents.definitions import DOCUMENTS, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.intake.qr_scan import PageContent
from bundler.intake.split_scan import Basis, propose_parts
from bundler.ledger.case_change_log import HISTORY_FILE, read_history
from bundler.profile import load_profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks
from tests.support.case_files import REGISTRATION_NO, read_tree, write_case
from tests.support.forks import run_at_once
from tests.support.paths import SAMPLES

SAMPLE = SAMPLES / "write-off-complete"
A4_200 = (1654, 2339)


def empty_case(folder: Path, **parts: Any) -> Path:  # noqa: ANN401 (parts of a case)
    """A case with its number and no materials."""
    return write_case(folder, **{"decision": "accepted", "materials": [], **parts})


def documents_pdf(*documents: str) -> tuple[bytes, list[tuple[int, int]]]:
    """Documents of the sample as one PDF, and the pages of each."""
    case = validate_tree(json.loads((SAMPLE / "case.json").read_text(encoding="utf-8"))).case
    assert case is not None
    setter = Typesetter()
    drafts = {
        name: draft_document(case, DOCUMENTS[name], load_profile(), find_templates_folder(None)) for name in documents
    }
    setter.typeset_papers([(name, read_blocks(data)) for name, data in drafts.items()])
    made, places = setter.write(list(documents), "题", b"0" * 16, None)
    return made, [places[name] for name in documents]


def document_images(*documents: str) -> list[list[Image.Image]]:
    """Documents of the sample as images of 200 dpi."""
    made, places = documents_pdf(*documents)
    with pypdfium2.PdfDocument(made) as pdf:
        pictures = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in pdf]
    return [pictures[first : last + 1] for first, last in places]


def handwriting() -> Image.Image:
    """A page of handwriting, without a code."""
    page = Image.new("L", A4_200, 255)
    pen = ImageDraw.Draw(page)
    for line in range(300, 1800, 90):
        pen.line((250, line, 1350, line + 8), fill=40, width=6)
    return page


def blank() -> Image.Image:
    """A separator sheet."""
    return Image.new("L", A4_200, 252)


def write_scan(path: Path, pages: Sequence[Image.Image], tilt: float = 0.7) -> Path:
    """Write the pages as one scan, rotated a little."""
    whole = tilt % 90 == 0
    turned = [page.rotate(tilt, Image.Resampling.BICUBIC, expand=whole, fillcolor=255) for page in pages]
    kind = {"resolution": 200} if path.suffix == ".pdf" else {"dpi": (200, 200)}
    more = {"save_all": True, "append_images": turned[1:]} if len(turned) > 1 else {}
    turned[0].save(path, **kind, **more)  # type: ignore[arg-type]  # Pillow's own options
    return path


@pytest.fixture(scope="module")
def images() -> dict[str, list[Image.Image]]:
    """Images of two documents."""
    notice, record = document_images("acceptance_notice", "interview_record")
    assert len(notice) == 2
    assert len(record) >= 2
    return {"notice": notice, "record": record}


def added(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """The exit status, and the parts of all files in the JSON output."""
    capsys.readouterr()
    status = run(["add", *map(str, arguments), "--json"])
    answer = json.loads(capsys.readouterr().out)
    return status, [paper for file in answer["files"] for paper in file["papers"]]


def test_one_scan_of_a_whole_file_is_cut_into_its_papers(
    images: dict[str, list[Image.Image]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the codes and by blank sheets, as ranges of the one file, which is copied byte for byte; --yes takes the sure ones."""
    case = empty_case(tmp_path / "案")
    record = len(images["record"])
    pages = [*images["notice"], blank(), handwriting(), handwriting(), blank(), blank(), *images["record"], blank()]
    scan = write_scan(tmp_path / "整卷.pdf", pages)
    status, found = added(capsys, case, scan, "--yes")

    ranges = ["1-2", "4-5", f"8-{7 + record}"]
    assert [(one["pages"], one["items"], one["source"], one["status"]) for one in found] == [
        (ranges[0], ["acceptance_notice"], "code", "added"),
        (ranges[1], [], "none", "undecided"),
        (ranges[2], ["interview"], "code", "added"),
    ]
    assert status == 1
    assert read_tree(case)["materials"] == [
        {"items": ["acceptance_notice"], "file": "materials/整卷.pdf", "pages": ranges[0]},
        {"items": ["interview"], "file": "materials/整卷.pdf", "pages": ranges[2]},
    ]
    assert (case / "materials" / "整卷.pdf").read_bytes() == scan.read_bytes()

    status, found = added(capsys, case, scan, "--item", "evidence", "--pages", "4-5")
    assert (status, found[0]["status"]) == (0, "added")
    assert read_tree(case)["materials"][2] == {"items": ["evidence"], "file": "materials/整卷.pdf", "pages": "4-5"}
    assert [path.name for path in (case / "materials").iterdir()] == ["整卷.pdf"]
    assert [entry.action for entry in read_history(case).entries] == ["add", "add"]


@pytest.mark.parametrize(("ending", "tilt"), [("pdf", -2.0), ("jpg", 1.5), ("png", 180.0), ("tif", 90.0), ("jpg", 0.0)])
def test_a_paper_finds_its_place_however_it_was_laid_on_the_glass(
    images: dict[str, list[Image.Image]], tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, tilt: float
) -> None:
    """Tilted, upside down, on its side; in each file format of scanners; under any name."""
    case = empty_case(tmp_path / "案")
    status, found = added(
        capsys, case, write_scan(tmp_path / f"判决书0001.{ending}", images["notice"][:1], tilt), "--yes"
    )

    assert status == 0
    assert [(one["items"], one["source"], one["pages"]) for one in found] == [(["acceptance_notice"], "code", None)]


def test_a_paper_of_another_case_is_refused(
    images: dict[str, list[Image.Image]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole file, with the page named; another file of the same call is added; nothing of the refused one is left."""
    case = empty_case(tmp_path / "案", registration={"no": "钢信执2021-0043"})
    wrong = write_scan(tmp_path / "整卷.pdf", [handwriting(), *images["notice"]])
    good = write_scan(tmp_path / "约谈笔录.png", [handwriting()])
    status, found = added(capsys, case, wrong, good, "--item", "interview")
    assert (status, len(found)) == (0, 2)  # what the user states overrides the code

    case = empty_case(tmp_path / "案二", registration={"no": "钢信执2021-0043"})
    before = (case / "case.json").read_bytes()
    assert run(["add", str(case), str(wrong), "--yes"]) == 1
    assert "第 2 页的二维码不是本案的" in capsys.readouterr().err
    assert [path.name for path in case.iterdir()] == ["case.json"]
    assert (case / "case.json").read_bytes() == before


def test_a_code_is_no_proof_where_the_case_has_no_number(
    images: dict[str, list[Image.Image]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing can be compared, so nothing is added."""
    case = empty_case(tmp_path / "案", registration={})

    assert run(["add", str(case), str(write_scan(tmp_path / "a.png", images["notice"][:1])), "--yes"]) == 1
    assert "没有登记号" in capsys.readouterr().err


def write_text_pdf(path: Path) -> Path:
    """A document with its text layer, its code covered."""
    made, _ = documents_pdf("interview_record")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q q 0.5 g 0 700 250 142 re f Q")
        pdf.save(path)
    return path


def test_names_and_words_propose_and_do_not_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only a person adds them, not --yes; the output has the proposed item."""
    case = empty_case(tmp_path / "案")
    names = {
        "约谈笔录.png": "interview",
        f"{REGISTRATION_NO}-reply_opinion.png": "reply_opinion",
        "evidence.png": "evidence",
    }
    files = [write_scan(tmp_path / name, [handwriting()]) for name in names]
    files.append(write_text_pdf(tmp_path / "scan0001.pdf"))
    status, found = added(capsys, case, *files, "--yes")

    assert status == 1
    assert [(one["items"], one["source"]) for one in found] == [
        *(([item], "name") for item in names.values()),
        (["interview"], "text"),
    ]
    assert {one["status"] for one in found} == {"undecided"}
    assert read_tree(case)["materials"] == []
    assert not (case / "materials").exists()


def test_a_person_decides_and_is_told_what_no_scan_can_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Items by id or by the regulation's words, several at once; the command asks for the day of signing and never invents it."""
    case = empty_case(tmp_path / "案")
    scan = write_scan(tmp_path / "a.jpg", [handwriting()])
    status, found = added(capsys, case, scan, "--item", "谈话笔录", "--item", "interview")

    assert status == 0
    assert found[0]["to_fill"] == ["signed_on（签名日期）"]
    assert read_tree(case)["materials"] == [{"items": ["conversation_record", "interview"], "file": "materials/a.jpg"}]
    for wrong, hint in (
        ("interveiw", "“约谈或协调会议记录”（interview）"),
        ("约谈笔录", "“约谈或协调会议记录”（interview）"),
    ):
        assert run(["add", str(case), str(scan), "--item", wrong]) == 2
        assert f"是不是{hint}？" in capsys.readouterr().err
    assert run(["add", str(case), str(scan), "--item", "笔录"]) == 2
    assert "“谈话笔录”（conversation_record）" in capsys.readouterr().err
    assert run(["add", str(case), str(tmp_path / "无.jpg"), "--item", "evidence"]) == 1
    assert "没有这个文件。" in capsys.readouterr().err
    assert run(["add", str(case), str(scan), "--item", "evidence", "--pages", "2"]) == 1
    assert "只有 1 页" in capsys.readouterr().err
    assert run(["add", str(case), str(scan), "--pages", "1"]) == 2


def test_a_file_that_lies_in_the_folder_is_named_and_not_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fix for FILE-UNLISTED."""
    case = empty_case(tmp_path / "案")
    (case / "证据").mkdir()
    scan = write_scan(case / "证据" / "照片.png", [handwriting()])
    run(["check", str(case), "--json"])
    assert "FILE-UNLISTED" in capsys.readouterr().out
    added(capsys, case, scan, "--item", "evidence")
    run(["check", str(case), "--json"])

    assert "FILE-UNLISTED" not in capsys.readouterr().out
    assert read_tree(case)["materials"][0]["file"] == "证据/照片.png"
    assert not (case / "materials").exists()


def test_nothing_is_put_in_twice_or_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bytes are reported as filed, under any name; another scan of the same name gets the next free one."""
    case = empty_case(tmp_path / "案")
    one = write_scan(tmp_path / "扫描.png", [handwriting()])
    (tmp_path / "别处").mkdir()
    other = write_scan(tmp_path / "别处" / "扫描.png", [handwriting()], tilt=3)
    twin = Path(shutil.copy(one, tmp_path / "同一份.png"))
    added(capsys, case, one, other, "--item", "evidence")
    status, found = added(capsys, case, twin, "--item", "evidence")

    assert (status, found[0]["status"], found[0]["file"]) == (0, "filed", "materials/扫描.png")
    assert [material["file"] for material in read_tree(case)["materials"]] == [
        "materials/扫描.png",
        "materials/扫描-2.png",
    ]
    assert [(case / "materials" / name).read_bytes() for name in ("扫描.png", "扫描-2.png")] == [
        one.read_bytes(),
        other.read_bytes(),
    ]

    assert run(["add", str(case), str(one), "--item", "领导批示"]) == 0
    assert "materials/扫描.png 已经在案件里（第 1 件材料），加上了这一项" in capsys.readouterr().out
    assert [material["items"] for material in read_tree(case)["materials"]] == [
        ["evidence", "leader_instruction"],
        ["evidence"],
    ]


def test_a_dry_run_changes_nothing(
    images: dict[str, list[Image.Image]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It reports the proposals."""
    case = empty_case(tmp_path / "案")
    before = (case / "case.json").read_bytes()
    status, found = added(capsys, case, write_scan(tmp_path / "a.png", images["notice"][:1]), "--dry-run")

    assert (status, found[0]["status"], found[0]["items"]) == (0, "proposed", ["acceptance_notice"])
    assert [path.name for path in case.iterdir()] == ["case.json"]
    assert (case / "case.json").read_bytes() == before


def locked(path: Path) -> None:
    """A PDF with a password."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))


def cut_short(path: Path) -> None:
    """Half a picture."""
    write_scan(path.with_name("b.png"), [handwriting()])
    data = path.with_name("b.png").read_bytes()
    path.write_bytes(data[: len(data) // 2])


def elsewhere(path: Path) -> None:
    """A link."""
    path.symlink_to(write_scan(path.with_name("b.png"), [handwriting()]))


def old_word(path: Path) -> None:
    """A .doc."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (locked, "FILE-ENCRYPTED"),
        (cut_short, "FILE-DAMAGED"),
        (elsewhere, "FILE-OUTSIDE"),
        (os.mkfifo, "FILE-TYPE"),
        (Path.mkdir, "FILE-TYPE"),
        (old_word, "FILE-TYPE"),
        (lambda _: None, "FILE-MISSING"),
    ],
)
def test_what_cannot_be_bound_is_not_put_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], rule: str
) -> None:
    """With the finding of the gate, also where a person named the item."""
    case = empty_case(tmp_path / "案")
    make(tmp_path / "a.pdf")

    assert run(["add", str(case), str(tmp_path / "a.pdf"), "--item", "evidence"]) == 1
    assert rule in capsys.readouterr().err
    assert read_tree(case)["materials"] == []
    assert not (case / "materials").exists()


@pytest.mark.parametrize(
    "name", ["-rf.png", ".隐藏.png", "a\u202eb\x07.png", "长" * 80 + ".png", "无后缀", "e\u0301.png"]
)
def test_odd_names_become_names_that_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Composed, visible, not hidden; and the case names exactly the file that is there."""
    case = empty_case(tmp_path / "案")
    write_scan(tmp_path / "b.png", [handwriting()]).rename(tmp_path / name)
    status, _ = added(capsys, "--item", "evidence", case, tmp_path / name)
    listed = [path.relative_to(case).as_posix() for path in (case / "materials").iterdir()]

    assert status == 0
    assert [material["file"] for material in read_tree(case)["materials"]] == listed
    assert not Path(listed[0]).name.startswith(".")
    assert listed[0].isprintable()


def run_on_terminal(case: Path, scan: Path, answers: str) -> tuple[int, str]:
    """Run the command on a terminal with these key strokes."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bundler", "add", str(case), str(scan)],
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(theirs)
    os.write(ours, answers.encode())
    # A terminal's buffer is limited, so its output has to be read.
    reader = threading.Thread(target=_drain, args=(ours,))
    reader.start()
    output, _ = process.communicate(timeout=120)
    reader.join()
    os.close(ours)
    return process.returncode, output.decode()


def _drain(terminal: int) -> None:
    with contextlib.suppress(OSError):  # raised when the last program has closed the terminal
        while os.read(terminal, 4096):
            pass


def test_a_draft_of_ours_finds_its_place_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited Word file has no pages to read; its name gives the proposal, and a person agrees."""
    case = empty_case(tmp_path / "案")
    shutil.copy(SAMPLE / "case.json", tmp_path / "case.json")
    word = tmp_path / f"{REGISTRATION_NO}-acceptance_notice.docx"
    assert run(["render", str(tmp_path), "--doc", "acceptance_notice", "-o", str(word)]) == 0
    _, found = added(capsys, case, word)
    assert [(one["items"], one["source"], one["pages"]) for one in found] == [(["acceptance_notice"], "name", None)]
    added(capsys, case, word, "--item", found[0]["items"][0])

    assert read_tree(case)["materials"] == [{"items": ["acceptance_notice"], "file": f"materials/{word.name}"}]


def test_nothing_is_written_through_a_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written where the materials folder is a link."""
    case = empty_case(tmp_path / "案")
    (tmp_path / "别处").mkdir()
    (case / "materials").symlink_to(tmp_path / "别处")

    assert run(["add", str(case), str(write_scan(tmp_path / "a.png", [handwriting()])), "--item", "evidence"]) == 2
    assert "是一个链接" in capsys.readouterr().err
    assert list((tmp_path / "别处").iterdir()) == []
    assert read_tree(case)["materials"] == []


@given(
    marks=st.lists(
        st.sampled_from([None, "acceptance_notice", "interview", "blank", "courier"]), min_size=1, max_size=12
    )
)
def test_every_page_that_is_not_blank_goes_to_one_paper(marks: list[str | None]) -> None:
    """In any order of codes, blank sheets and foreign codes; no part has two codes of this tool."""
    codes = {"courier": ("SF1234567890", "https://x.invalid/?a|b"), None: (), "blank": ()}
    contents = [PageContent(codes.get(mark, (f"{REGISTRATION_NO}|{mark}",))) for mark in marks]
    blanks = {page for page, mark in enumerate(marks, start=1) if mark == "blank"}
    parts = propose_parts("a.pdf", contents, blanks, REGISTRATION_NO)
    pages = [page for part in parts for page in range(part.first, part.last + 1)]

    if len(blanks) < len(marks):
        assert pages == [page for page in range(1, len(marks) + 1) if page not in blanks]
    for part in parts:
        inside = {str(marks[page - 1]) for page in range(part.first, part.last + 1)} - {"None", "courier", "blank"}
        assert len(inside) <= 1
        assert (part.basis is Basis.CODE) == bool(inside)
        assert [item.value for item in part.items] == sorted(inside)


def test_on_a_terminal_each_paper_is_asked_about(images: dict[str, list[Image.Image]], tmp_path: Path) -> None:
    """Enter accepts the proposal, a name corrects it, a wrong one is asked again, s skips."""
    case = empty_case(tmp_path / "案")
    pages = [*images["notice"], blank(), handwriting(), blank(), handwriting(), blank(), handwriting()]
    status, output = run_on_terminal(
        case, write_scan(tmp_path / "a.pdf", pages), "\n\n不对\n调查记录，evidence\ns\nother\n"
    )

    assert status == 0, output
    assert [(one["items"], one["pages"]) for one in read_tree(case)["materials"]] == [
        (["acceptance_notice"], "1-2"),
        (["investigation", "evidence"], "4"),
        (["other"], "8"),
    ]


def _add_one(case: Path, scan: Path) -> None:
    os.environ["XDG_CACHE_HOME"] = str(scan.parent / "cache")
    sys.exit(run(["add", str(case), str(scan), "--item", "evidence"]))


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Six people add a scan each at the same moment: six entries, six files."""
    case = empty_case(tmp_path / "案")
    scans = [write_scan(tmp_path / f"{number}.png", [handwriting()], tilt=number / 2) for number in range(6)]

    assert run_at_once(_add_one, [(case, scan) for scan in scans]) == [0] * 6
    assert sorted(one["file"] for one in read_tree(case)["materials"]) == [f"materials/{n}.png" for n in range(6)]
    assert len(read_history(case).entries) == 6
    assert read_history(case).broken == ()


def test_killed_at_any_moment_it_loses_nothing_and_the_next_run_ends_the_work(tmp_path: Path) -> None:
    """case.json is the old one or the new one; after the last run there is one entry, one copy, and no litter."""
    case = empty_case(tmp_path / "案")
    scan = write_scan(tmp_path / "照片.png", [handwriting()])
    command = [sys.executable, "-m", "bundler", "add", str(case), str(scan), "--item", "evidence"]
    for delay in (0.3, 0.5, 0.7, 0.9):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
        assert len(read_tree(case)["materials"]) in {0, 1}
    # What a kill in the midst of writing leaves, whenever it came.
    for folder in (case, case / "materials"):
        folder.mkdir(exist_ok=True)
        (folder / f"{TEMPORARY_PREFIX}abc").write_bytes(b"half")
    shutil.copy(scan, case / "materials" / "照片.png")

    # Whether or not one of them came to its end before it could be killed, the last leaves one entry and no litter.
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert read_tree(case)["materials"] == [{"items": ["evidence"], "file": "materials/照片.png"}]
    assert [path.name for path in (case / "materials").iterdir()] == ["照片.png"]
    assert {path.name for path in case.iterdir()} <= {"case.json", "materials", HISTORY_FILE}


def test_what_somebody_else_writes_meanwhile_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves between the command's reading and its writing: both changes are kept."""
    case = empty_case(tmp_path / "案")
    saved: list[int] = []

    def slow(data: bytes, tree: dict[str, Any], *, one_line_items: bool) -> bytes:
        if not saved:
            saved.append(1)
            other = read_tree(case) | {"category": "review"}
            (case / "case.json").write_text(json.dumps(other, ensure_ascii=False), encoding="utf-8")
        return rewrite(data, tree, one_line_items=one_line_items)

    monkeypatch.setattr(save, "rewrite", slow)
    status, _ = added(capsys, case, write_scan(tmp_path / "a.png", [handwriting()]), "--item", "evidence")

    assert status == 0
    assert read_tree(case)["category"] == "review"
    assert [one["file"] for one in read_tree(case)["materials"]] == ["materials/a.png"]


def test_a_case_that_is_written_all_the_time_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some attempts it is reported, and the copy is removed."""
    case = empty_case(tmp_path / "案")

    def never(data: bytes, tree: dict[str, Any], *, one_line_items: bool) -> bytes:
        with (case / "case.json").open("a", encoding="utf-8") as file:
            file.write("\n")
        return rewrite(data, tree, one_line_items=one_line_items)

    monkeypatch.setattr(save, "rewrite", never)

    assert run(["add", str(case), str(write_scan(tmp_path / "a.png", [handwriting()])), "--item", "evidence"]) == 1
    assert "一直在被别的程序改动" in capsys.readouterr().err
    assert list((case / "materials").iterdir()) == []
    assert read_tree(case)["materials"] == []


def test_a_case_that_cannot_take_an_entry_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a case it is status 3; materials that are no list are reported."""
    scan = write_scan(tmp_path / "a.png", [handwriting()])
    assert run(["add", str(tmp_path / "no"), str(scan), "--item", "evidence"]) == 3
    case = empty_case(tmp_path / "案", materials={"a": 1})

    assert run(["add", str(case), str(scan), "--item", "evidence"]) == 1
    assert "案件的材料一项写法不对" in capsys.readouterr().err
    assert read_tree(case)["materials"] == {"a": 1}
