"""``build``: a complete case becomes one PDF; without any one of its papers nothing is written and the gate says why."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest

from bundler.api.build import build as build_case
from bundler.api.check import check
from bundler.bundle.build import preloaded_workers
from bundler.errors import CaseError, FileChangedError
from tests.support.bundles import TODAY, build, run_bundler, run_here, write_sample_bundle
from tests.support.case_files import read_tree
from tests.support.forks import run_at_once
from tests.support.paths import ROOT, SAMPLES, WITH_SIGINT, copy_sample

COMPLETE = ("write-off-complete", "archive-complete", "declined")

REQUIRED = {
    "write-off-complete": (
        "leader_instruction",
        "acceptance_service",
        "investigation",
        "interview",
        "evidence",
        "reply_service",
        "legal_document",
        "conversation_record",
        "commitment",
    ),
    "archive-complete": ("acceptance_service", "investigation", "interview", "evidence", "reply_service"),
    "declined": ("transfer_proof", "explanation_service"),
}
"""The items of each sample that no generated paper can serve."""


def write_tree(folder: Path, tree: dict[str, Any]) -> None:
    """Write a case.json."""
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundle of each complete sample, built once."""
    folder = tmp_path_factory.mktemp("bundles")
    return {name: write_sample_bundle(name, folder / f"{name}.pdf") for name in COMPLETE}


def test_the_request_and_the_list_count_the_same_papers(bundles: dict[str, Path]) -> None:
    """Both in the bundle that goes to the superior court: 相关法律文书、谈话笔录、措施及佐证、承诺书、其他."""
    with pypdfium2.PdfDocument(bundles["write-off-complete"]) as pdf:
        pages = ["".join(page.get_textpage().get_text_range().split()) for page in pdf]
    listed = next(found for page in pages if (found := re.search(r"以上材料共(\d+)件(\d+)页", page)))
    request = next(page for page in pages if "所附材料相关法律文书" in page)
    enclosed = re.search(r"所附材料(相关法律文书.*?件。)", request)

    assert enclosed is not None
    assert sum(map(int, re.findall(r"(\d+)件", enclosed[1]))) == int(listed[1]) == 13
    assert int(listed[2]) == 30
    assert any("民事判决书2019年11月20日已盖章" in page for page in pages)


@pytest.mark.parametrize("name", COMPLETE)
def test_every_page_between_index_and_closing_note_bears_its_number(bundles: dict[str, Path], name: str) -> None:
    """页号 1…n without a gap, equal to the page labels; the other labels are 封面, 目录-n and 备考表."""
    reader = pypdf.PdfReader(bundles[name])
    labels = reader.page_labels
    numbered = [place for place, label in enumerate(labels) if label.isdigit()]

    assert [labels[place] for place in numbered] == [str(n) for n in range(1, len(numbered) + 1)]
    assert labels[0] == "封面"
    assert labels[-1] == "备考表"
    assert set(labels) - {str(n) for n in range(1, len(numbered) + 1)} - {"封面", "备考表"} == {
        f"目录-{n}" for n in range(1, numbered[0])
    }
    with pypdfium2.PdfDocument(bundles[name]) as pdf:
        assert [text_in_corner(pdf[place]) for place in numbered] == [labels[place] for place in numbered]


def text_in_corner(page: pypdfium2.PdfPage) -> str:
    """The text in the corner that is reserved for the 页号."""
    width, height = page.get_size()
    return str(page.get_textpage().get_text_bounded(left=width - 90, bottom=height - 45, right=width, top=height))


@pytest.mark.parametrize("name", COMPLETE)
def test_the_index_names_each_paper_and_leads_to_its_first_page(bundles: dict[str, Path], name: str) -> None:
    """`--json`, the printed index and the targets of its links agree."""
    reader = pypdf.PdfReader(bundles[name])
    labels = reader.page_labels
    index = [place for place, label in enumerate(labels) if label.startswith("目录")]
    text = "".join("".join(reader.pages[place].extract_text().split()) for place in index)
    places = page_places(reader)
    links = [
        labels[places[dest[0].get_object().indirect_reference]]
        for place in index
        for annotation in reader.pages[place].get("/Annots", [])
        for dest in [annotation.get_object()["/Dest"]]
    ]
    planned = run_for_json("build", str(SAMPLES / name), "--dry-run", "--json", "--today", TODAY)["index"]

    for paper in planned:
        assert "".join(paper["title"].split()) in text
        assert str(paper["first_page"]) in links
    assert int(labels[-2]) == planned[-1]["last_page"]


def page_places(reader: pypdf.PdfReader) -> dict[Any, int]:
    """The index of each page by the object to which a link leads."""
    return {page.indirect_reference: place for place, page in enumerate(reader.pages)}


def run_for_json(*arguments: str) -> dict[str, Any]:
    """Run a command in this process, and return the JSON that it prints."""
    done = run_here(*arguments)
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def test_the_outline_has_an_entry_for_each_item_and_below_it_each_paper(bundles: dict[str, Path]) -> None:
    """Each entry has its 页号, and a paper that serves two items is below both."""
    outline = pypdf.PdfReader(bundles["write-off-complete"]).outline
    items = [str(entry.title) for entry in outline if not isinstance(entry, list)]
    papers = [
        str(entry.title) for part in outline if isinstance(part, list) for entry in part if isinstance(entry, dict)
    ]

    assert len([title for title in items if title.startswith("第十六条")]) == 9
    assert len([title for title in items if title.startswith("第十四条")]) == 4
    assert len([title for title in papers if title.startswith("约谈（谈话）笔录")]) == 2
    assert all(re.search(r"　\d+(—\d+)?$", title) for title in papers)


def test_the_outline_of_a_declined_case_names_no_article_that_does_not_apply(bundles: dict[str, Path]) -> None:
    """Articles 14 and 16 do not apply to it; Article 12 asks for its registration."""
    outline = pypdf.PdfReader(bundles["declined"]).outline
    items = [str(entry.title) for entry in outline if not isinstance(entry, list)]
    assert items[:2] == ["第十二条　信访件登记", "不予受理释明告知书"]
    assert "相关法律文书" in items
    assert not any(title.startswith(("第十四条", "第十六条")) for title in items)


def test_the_closing_note_says_what_is_special(bundles: dict[str, Path]) -> None:
    """A paper that serves two items, papers without a stamp, and a missing paper with the person who approved that."""
    write_off = last_page_text(bundles["write-off-complete"])
    archive = last_page_text(bundles["archive-complete"])

    assert "同时作为约谈或协调会议记录" in write_off
    assert "尚未收回盖章件的生成文书" in write_off
    assert "缺件：相关领导批示" in archive
    assert "批准人金某某" in archive


def test_the_pages_of_the_bundle_itself_are_black_on_white(bundles: dict[str, Path]) -> None:
    """Cover, index and closing note have no colour, which only the proof-reader's view has."""
    for bundle in bundles.values():
        with pypdfium2.PdfDocument(bundle) as pdf:
            for number in (0, 1, len(pdf) - 1):
                hue, saturation, _ = pdf[number].render().to_pil().convert("HSV").split()
                assert saturation.getextrema() == (0, 0), (bundle.name, number, hue.getextrema())


def last_page_text(bundle: Path) -> str:
    """The text of the last page without white space."""
    return "".join(pypdf.PdfReader(bundle).pages[-1].extract_text().split())


def test_jpeg_scans_are_bound_byte_for_byte(bundles: dict[str, Path]) -> None:
    """Every JPEG of the inputs, a file of its own or inside a PDF, is in the bundle with the same bytes."""
    folder = SAMPLES / "write-off-complete"
    wanted = set()
    for material in read_tree(folder)["materials"]:
        path = folder / material["file"]
        if path.suffix == ".jpg":
            wanted.add(hashlib.sha256(path.read_bytes()).hexdigest())
        elif path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                wanted |= set(jpeg_streams(pdf))
    with pikepdf.open(bundles["write-off-complete"]) as pdf:
        found = set(jpeg_streams(pdf))

    assert len(wanted) > 25
    assert wanted <= found


def jpeg_streams(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The digests of a file's JPEG streams."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/DCTDecode":
            yield hashlib.sha256(thing.read_raw_bytes()).hexdigest()


@pytest.mark.parametrize("name", COMPLETE)
def test_qpdf_has_nothing_to_say(bundles: dict[str, Path], name: str) -> None:
    """Qpdf --check reports no warning and no error."""
    done = subprocess.run(["qpdf", "--check", str(bundles[name])], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_case_gives_the_same_bytes_anywhere(bundles: dict[str, Path], tmp_path: Path) -> None:
    """In another folder, time zone, locale and working directory, on another day, with another hash seed."""
    folder = copy_sample("write-off-complete", tmp_path / "另一处")
    target = tmp_path / "再来.pdf"
    environment = {**os.environ, "TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-m", "bundler", "build", str(folder), "-o", str(target), "--today", "2022-03-01"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 0
    assert target.read_bytes() == bundles["write-off-complete"].read_bytes()
    assert hashlib.sha256(target.read_bytes()).hexdigest() in done.stdout.decode()


@pytest.mark.parametrize("name", ["archive-complete", "declined"])
def test_two_processes_make_the_bytes_of_one(bundles: dict[str, Path], tmp_path: Path, name: str) -> None:
    """The command typesets in a second process where it has the cores; this process, which has threads, starts only one."""
    target = tmp_path / "两个进程.pdf"

    assert run_bundler("build", SAMPLES / name, "-o", target, "--today", TODAY).returncode == 0
    assert target.read_bytes() == bundles[name].read_bytes()


def test_a_file_exchanged_after_the_check_is_not_bound(tmp_path: Path) -> None:
    """Another sound file under the same name stops the build by its code, and nothing is written."""
    case = copy_sample("archive-complete", tmp_path / "case")
    checked = check(case, today=date.fromisoformat(TODAY))
    (one, other) = [file for file, record in checked.records.items() if record.media_type == "application/pdf"][:2]
    (case / one).write_bytes((case / other).read_bytes())
    with pytest.raises(FileChangedError, match=re.escape(one)) as refused:
        build_case(checked, tmp_path / "a.pdf")
    assert refused.value.code == "FILE-CHANGED"
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_a_typesetter_that_dies_ends_the_build_with_a_message(tmp_path: Path) -> None:
    """No bundle, what to do, and nothing that waits."""
    assert run_at_once(_build_without_typesetter, [(tmp_path,)]) == [0]
    assert list(tmp_path.iterdir()) == []


def _build_without_typesetter(folder: Path) -> None:
    checked = check(SAMPLES / "declined", today=date.fromisoformat(TODAY))
    with preloaded_workers() as workers:
        assert workers is not None
        process = workers.typesetter
        with pytest.raises(CaseError, match="制作“排版”时用的内存或者时间过多，没有成卷") as caught:
            build_case(checked, folder / "卷.pdf", progress=lambda _: process.kill(), workers=workers)
    assert caught.value.code == "FILE-TOO-LARGE"


@pytest.mark.parametrize(("name", "item"), [(name, item) for name, items in REQUIRED.items() for item in items])
def test_taking_an_item_away_closes_the_gate_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, item: str
) -> None:
    """Exit status 1, only this item is named in errors, nothing is written."""
    folder = copy_sample(name, tmp_path / "case")
    tree = read_tree(folder)
    for material in tree["materials"]:
        material["items"] = [one for one in material["items"] if one != item]
    tree["materials"] = [material for material in tree["materials"] if material["items"]]
    write_tree(folder, tree)
    before = sorted(tmp_path.rglob("*"))
    status = build(folder, tmp_path / "out.pdf", "--json")
    findings = json.loads(capsys.readouterr().out)["findings"]

    assert status == 1
    assert {f["item"] for f in findings if f["severity"] == "error"} == {item}
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "file"),
    [(name, file) for name in COMPLETE for file in sorted({m["file"] for m in read_tree(SAMPLES / name)["materials"]})],
)
def test_taking_a_file_out_of_the_folder_closes_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, file: str
) -> None:
    """The findings name each item that the file served."""
    folder = copy_sample(name, tmp_path / "case")
    items = {item for m in read_tree(folder)["materials"] if m["file"] == file for item in m["items"]}
    (folder / file).unlink()
    status = build(folder, tmp_path / "out.pdf", "--json")
    findings = json.loads(capsys.readouterr().out)["findings"]

    assert status == 1
    assert {f["item"] for f in findings if f["rule"] == "FILE-MISSING"} == items
    assert not (tmp_path / "out.pdf").exists()


def test_the_incomplete_sample_has_four_different_errors(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """All are found in one run, and nothing is written."""
    status = build(SAMPLES / "incomplete", tmp_path / "out.pdf", "--json")
    rules = [f["rule"] for f in json.loads(capsys.readouterr().out)["findings"] if f["severity"] == "error"]

    assert status == 1
    assert len(rules) == len(set(rules)) == 4
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the index with its page ranges."""
    assert build(SAMPLES / "declined", tmp_path / "out.pdf", "--dry-run") == 0
    printed = capsys.readouterr().out

    assert "执行申诉信访案件登记表" in printed
    assert list(tmp_path.iterdir()) == []


def test_what_the_case_is_made_of_is_never_written_over(tmp_path: Path) -> None:
    """case.json and an attached file are refused as output."""
    folder = copy_sample("declined", tmp_path / "case")
    paper = folder / read_tree(folder)["materials"][0]["file"]
    before = {path: path.read_bytes() for path in (folder / "case.json", paper)}

    assert [build(folder, path) for path in before] == [2, 2]
    assert {path: path.read_bytes() for path in before} == before


def test_an_output_that_cannot_be_written_is_status_5(tmp_path: Path) -> None:
    """Nothing is left behind."""
    assert build(SAMPLES / "declined", tmp_path / "没有" / "out.pdf") == 5
    assert list(tmp_path.iterdir()) == []


def wait_for_signal_handler(process: int) -> None:
    """Wait until the process handles SIGTERM; from then on a build takes seconds."""
    taken = 1 << (signal.SIGTERM - 1)
    for _ in range(3000):
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        if int(re.findall(r"SigCgt:\s*([0-9a-f]+)", status)[0], 16) & taken:
            return
        time.sleep(0.01)
    raise AssertionError("the command did not start")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_says_so_and_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    """Exit status 130, a message in Chinese, no file."""
    process = subprocess.Popen(
        [
            *WITH_SIGINT,
            sys.executable,
            "-m",
            "bundler",
            "build",
            str(SAMPLES / "write-off-complete"),
            "-o",
            str(tmp_path / "o.pdf"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    wait_for_signal_handler(process.pid)
    process.send_signal(how)
    _, stderr = process.communicate()

    assert process.returncode == 130
    assert "已中断" in stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_runs_over_pages_names_the_numbers_that_it_brings_about(tmp_path: Path) -> None:
    """With sixty legal documents the list of materials itself takes several numbered pages before them."""
    folder = copy_sample("write-off-complete", tmp_path / "case")
    with pikepdf.new() as pdf:
        for number in range(60):
            pdf.add_blank_page(page_size=(595, 842))
            pdf.pages[-1].contents_add(f"{number * 5} 10 m 500 {number * 9} l S".encode())
        pdf.save(folder / "materials" / "many.pdf")
    tree = read_tree(folder)
    tree["materials"] += [
        {"items": ["legal_document"], "file": "materials/many.pdf", "pages": str(n), "title": f"第{n}份裁定书"}
        for n in range(1, 61)
    ]
    write_tree(folder, tree)
    assert build(folder, tmp_path / "out.pdf") == 0
    reader = pypdf.PdfReader(tmp_path / "out.pdf")
    index = run_for_json("build", str(folder), "--dry-run", "--json", "--today", TODAY)["index"]
    own = next(paper for paper in index if paper["origin"] == "list")
    labels = reader.page_labels
    places = [labels.index(str(folio)) for folio in range(own["first_page"], own["last_page"] + 1)]
    text = "".join("".join(reader.pages[place].extract_text().split()) for place in places)

    assert len(places) > 1
    for paper in index:
        if paper["title"].endswith("份裁定书"):
            assert f"{paper['title']}{paper['first_page']}" in text


def test_the_machines_own_fonts_move_no_line(bundles: dict[str, Path], tmp_path: Path) -> None:
    """A user's fontconfig settings, even ones that substitute our fonts, change no byte."""
    settings = tmp_path / "home" / ".config" / "fontconfig" / "fonts.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{ROOT / '.fonts'}</dir>"
        '<alias binding="same"><family>FandolSong</family><prefer><family>FandolKai</family></prefer></alias>'
        "</fontconfig>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "bundler", "build", str(SAMPLES / "declined"), "-o", str(tmp_path / "out.pdf")],
        capture_output=True,
        check=False,
        env={**os.environ, "HOME": str(tmp_path / "home"), "FONTCONFIG_FILE": str(settings)},
    )

    assert done.returncode == 0
    assert (tmp_path / "out.pdf").read_bytes() == bundles["declined"].read_bytes()
