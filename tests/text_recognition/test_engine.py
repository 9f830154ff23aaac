"""Real scans of the samples, read by the real engine: words, turn, seals, and what happens when a page kills it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from bundler.commands import run
from bundler.digest import sha256_of_file
from bundler.errors import UsageError
from bundler.sandbox import SandboxWorker
from bundler.scan_reading.case_readings import FOLDER, parse_record
from bundler.scan_reading.record import ReadPage
from tests.support.case_files import write_case
from tests.support.hostile.pictures import jpeg
from tests.support.paths import SAMPLES
from tests.support.sample_scans import read_scans
from tests.support.without_network import WITHOUT_NETWORK

pytest.importorskip("rapidocr", reason="needs make setup-read")

from PIL import Image

from bundler.text_recognition import model_files, ocr_engine, page_worker
from bundler.text_recognition.page_worker import PageReader, PageTask

SAMPLE = "write-off-complete"
MATERIALS = SAMPLES / SAMPLE / "materials"


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    """One process for all tests, as for all pages of a case."""
    with PageReader() as one:
        yield one


def task(path: Path, number: int = 1) -> PageTask:
    """A page of a file."""
    kinds = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
    return PageTask(
        path.parent,
        path.name,
        sha256_of_file(path),
        path.stat().st_size,
        kinds[path.suffix],
        number,
        (595.0, 842.0),
        is_scan=True,
    )


def read(reader: PageReader, path: Path, number: int = 1) -> ReadPage:
    """Read a page that is a scan."""
    page = reader.read(task(path, number), {})
    assert page is not None
    return page


def plain(text: str) -> str:
    """The words without spaces and marks, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def found_share(page: ReadPage, words: str) -> float:
    """Which share of what was read stands in the words, in the same order."""
    read_words = plain(page.text)
    matched = SequenceMatcher(None, plain(words), read_words, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matched) / max(len(read_words), 1)


def test_the_words_of_a_record_are_read(reader: PageReader) -> None:
    """A page of print and handwriting: nearly every character is one of the paper, in its order."""
    page = read(reader, MATERIALS / "约谈笔录.pdf")

    assert len(plain(page.text)) > 400
    assert found_share(page, read_scans(SAMPLE)["materials/约谈笔录.pdf"]) > 0.98
    assert "钢信执2021-0042" in page.text
    assert "2021年9月22日" in page.text
    assert page.turn == 0
    assert page.thumbprints


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_scan_is_noticed_and_read(reader: PageReader, tmp_path: Path, turn: int) -> None:
    """By how much it must be turned clockwise; its lines lie within the page as it is seen."""
    path = tmp_path / "回证.png"
    with Image.open(MATERIALS / "受理告知书送达回证.jpg") as image:
        image.rotate(turn, expand=True).save(path, dpi=(200, 200))
    page = read(reader, path)

    assert page.turn == turn
    assert "送达回证" in plain(page.text)
    if turn != 180:
        tall = [line for line in page.lines if line.box[3] - line.box[1] > line.box[2] - line.box[0]]
        assert len(tall) > len(page.lines) / 2


def test_a_seal_and_the_words_under_it(reader: PageReader, tmp_path: Path) -> None:
    """A seal is found in colour; in shades of grey nothing is said of seals."""
    name = "证据/住房公积金查询回执.jpg"
    page = read(reader, MATERIALS / name)
    grey_path = tmp_path / "灰.jpg"
    with Image.open(MATERIALS / name) as image:
        image.convert("L").save(grey_path, dpi=(200, 200))
    grey = read(reader, grey_path)

    assert page.coloured
    assert len(page.seals) == 1
    assert not grey.coloured
    assert grey.seals == ()
    assert found_share(page, read_scans(SAMPLE)[f"materials/{name}"]) > 0.95


def test_cells_of_a_table_are_told_apart(reader: PageReader) -> None:
    """The receipt is a table: label and value stand in two cells, and are two texts."""
    page = read(reader, MATERIALS / "受理告知书送达回证.jpg")

    assert len({line.cell for line in page.lines}) > 8
    blocks = [plain(block) for block in page.blocks]
    assert "受送达人" in blocks


def test_a_killed_process_loses_no_page_and_reads_the_same(reader: PageReader) -> None:
    """It is started again, and gives the same record; a page that is known by its picture is not read again."""
    first = read(reader, MATERIALS / "领导批示.jpg")
    marked = first.model_copy(update={"lines": first.lines[:1]})
    assert reader.read(task(MATERIALS / "领导批示.jpg"), {first.picture: marked}) == marked
    assert reader._worker is not None
    assert reader._worker._process is not None
    os.kill(reader._worker._process.pid or 0, signal.SIGKILL)
    time.sleep(0.2)

    assert read(reader, MATERIALS / "领导批示.jpg") == first


def test_a_page_that_takes_too_much_is_unclear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory that does not suffice stands for whatever kills the engine."""
    path = tmp_path / "大.png"
    Image.new("L", (9000, 12000), 255).save(path, dpi=(1000, 1000))
    monkeypatch.setattr(page_worker, "MEMORY", 60 * 1024**2)
    with PageReader() as one:
        page = one.read(task(path), {})
    assert page is not None
    assert (page.status, page.lines) == ("unclear", ())


def test_a_damaged_picture_is_unclear(reader: PageReader, tmp_path: Path) -> None:
    """A library that fails over it fails alone."""
    path = tmp_path / "坏.jpg"
    path.write_bytes(jpeg()[:300])

    assert read(reader, path).status == "unclear"


def test_a_file_that_cannot_be_opened_costs_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two tries all its pages are unclear."""
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    opened: list[str] = []
    real = PageReader._open

    def count(self: PageReader, one: PageTask) -> SandboxWorker:
        opened.append(one.file)
        return real(self, one)

    monkeypatch.setattr(PageReader, "_open", count)
    with PageReader() as one:
        pages = [read(one, path, number) for number in range(1, 6)]

    assert [page.status for page in pages] == ["unclear"] * 5
    assert len(opened) == 2


def test_a_model_that_is_another_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it would read."""
    monkeypatch.setitem(model_files.MODELS, model_files.DETECTION, "0" * 64)

    with pytest.raises(UsageError, match="不是原来的文件"):
        ocr_engine.Engine()


def test_the_command_reads_a_case_without_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes the record and says what it did, asks for no network, and leaves no temporary file; then nothing is read again."""
    folder = write_case(tmp_path / "case", materials=[{"items": ["leader_instruction"], "file": "领导批示.jpg"}])
    shutil.copy(MATERIALS / "领导批示.jpg", folder)
    before = (folder / "case.json").read_bytes()

    log, temporary = tmp_path / "trace.txt", tmp_path / "tmp"
    temporary.mkdir()
    tracer = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto", "-o", str(log)]
    command = [*tracer, *WITHOUT_NETWORK, sys.executable, "-m", "bundler", "read", str(folder), "--json"]
    own = {"TMPDIR": temporary, "HOME": temporary, "XDG_CACHE_HOME": tmp_path / "cache"}
    environment = {**os.environ, **{name: str(path) for name, path in own.items()}}
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=environment)
    assert "AF_INET" not in log.read_text(encoding="utf-8", errors="replace")
    assert list(temporary.iterdir()) == []
    report = json.loads(done.stdout)["cases"][0]["files"][0]
    assert (report["file"], report["read"], report["kept"], report["unclear"]) == ("领导批示.jpg", [1], 0, [])
    reading = parse_record((folder / FOLDER / f"{sha256_of_file(folder / '领导批示.jpg')}.json").read_bytes())
    assert reading.is_complete
    assert reading.models == model_files.MODELS

    assert run(["read", str(folder.parent)]) == 0
    assert capsys.readouterr().out == "共 1 件，扫描页 1 页：这次读了 0 页，以前读过 1 页。\n"
    assert (folder / "case.json").read_bytes() == before
