"""What is read of which case, and when: nothing twice, nothing lost, one record for each file. No engine is needed."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bundler.case.reader import read_case
from bundler.commands import run
from bundler.digest import sha256_of
from bundler.errors import ExitCode, FileChangedError, OutputError
from bundler.scan_reading.case_readings import FOLDER, parse_record
from bundler.scan_reading.record import ReadPage, ScanReading
from bundler.text_recognition import model_files
from bundler.text_recognition.case_reading import CaseState, plan_case, read_planned
from bundler.text_recognition.page_worker import PageReader, PageTask
from tests.support.case_files import write_case
from tests.support.paths import SAMPLES
from tests.support.scan_readings import read_page

MATERIALS = SAMPLES / "write-off-complete" / "materials"
Reader = Callable[[PageTask, Mapping[str, ReadPage]], ReadPage | None]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with a PDF of several pages and a picture."""
    names = ["约谈笔录.pdf", "领导批示.jpg"]
    materials = [{"items": ["other"], "file": name} for name in names]
    folder = write_case(tmp_path / "case", materials=materials)
    for name in names:
        shutil.copy(MATERIALS / name, folder)
    return folder


class ReaderDouble:
    """In the place of the engine: each page says its file and number, and is counted."""

    def __init__(self, reader: Reader | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self._reader = reader

    def __call__(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage | None:
        """Read a page."""
        self.asked.append((task.file, task.number))
        if self._reader is not None:
            return self._reader(task, known)
        return _page(task)


def _page(task: PageTask) -> ReadPage:
    picture = sha256_of(f"{task.sha256} {task.number}".encode())
    return read_page(task.number, [f"{task.file} {task.number}"], picture=picture)


def read(folder: Path, reader: ReaderDouble) -> CaseState:
    """Plan and read a case."""
    state = plan_case(read_case(str(folder)))
    with ThreadPoolExecutor(1) as executor:
        read_planned([state], lambda task, known: executor.submit(reader, task, known))
    return state


def records(folder: Path) -> dict[str, ScanReading]:
    """The records of a case, by the text of their first line."""
    found = [parse_record(path.read_bytes()) for path in sorted((folder / FOLDER).iterdir())]
    return {one.pages[0].lines[0].text.split()[0] if one.pages else "": one for one in found}


def test_each_file_gets_one_record_and_is_not_read_again(case: Path) -> None:
    """The second run asks the engine nothing, and writes the same bytes."""
    reader = ReaderDouble()
    state = read(case, reader)
    count = len(state.sources[0].record.pages)

    assert reader.asked == [*(("约谈笔录.pdf", n) for n in range(1, count + 1)), ("领导批示.jpg", 1)]
    found = records(case)
    assert {name: len(one.pages) for name, one in found.items()} == {"约谈笔录.pdf": count, "领导批示.jpg": 1}
    assert all(one.is_complete for one in found.values())
    written = {path.name: path.read_bytes() for path in (case / FOLDER).iterdir()}

    again = ReaderDouble()
    assert read(case, again).sources[0].kept == count
    assert again.asked == []
    assert {path.name: path.read_bytes() for path in (case / FOLDER).iterdir()} == written


def test_a_stopped_run_goes_on_where_it_was(case: Path) -> None:
    """What was read before the interrupt is in the record; only the rest is read later."""

    def stop(task: PageTask, _: Mapping[str, ReadPage]) -> ReadPage:
        if task.number == 3:
            raise KeyboardInterrupt
        return _page(task)

    with pytest.raises(KeyboardInterrupt):
        read(case, ReaderDouble(stop))
    first = records(case)["约谈笔录.pdf"]
    done = [page.number for page in first.pages]
    assert 1 in done
    assert 3 not in done
    assert not first.is_complete

    reader = ReaderDouble()
    read(case, reader)
    assert ("约谈笔录.pdf", 1) not in reader.asked
    assert ("约谈笔录.pdf", 3) in reader.asked
    assert all(one.is_complete for one in records(case).values())


def test_pages_with_text_of_their_own_are_no_scans(case: Path) -> None:
    """They are not in the record, and are not asked for again."""
    read(case, ReaderDouble(lambda task, _: None if task.number == 1 else _page(task)))
    assert [one.scans[0] for one in records(case).values() if one.scans] == [2]

    reader = ReaderDouble()
    read(case, reader)
    assert reader.asked == []


def test_a_page_in_another_file_is_offered_as_known(case: Path) -> None:
    """Also where the file in which it was read is gone; that file's record goes with it."""
    read(case, ReaderDouble())
    longer = case / "约谈笔录.pdf"
    old = {one.source for one in records(case).values()}
    longer.write_bytes(longer.read_bytes() + b"\n% another copy of the same pages\n")
    seen: list[bool] = []

    def look(task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage:
        seen.append(any("约谈笔录" in page.text for page in known.values()))
        return _page(task)

    read(case, ReaderDouble(look))
    assert seen
    assert all(seen)
    assert len(old & {one.source for one in records(case).values()}) == 1


def test_a_record_of_other_models_is_read_anew(case: Path) -> None:
    """So is one that is broken."""
    read(case, ReaderDouble())
    for number, path in enumerate(sorted((case / FOLDER).iterdir())):
        tree = json.loads(path.read_bytes())
        tree["models"] = {"other.onnx": "0" * 64}
        path.write_text(json.dumps(tree) if number else "{", "utf-8")
    reader = ReaderDouble()
    read(case, reader)

    assert {file for file, _ in reader.asked} == {"约谈笔录.pdf", "领导批示.jpg"}


def test_a_file_that_changes_meanwhile_is_told_and_the_others_are_read(case: Path) -> None:
    """Its other pages are not asked for any more."""

    def change(task: PageTask, _: Mapping[str, ReadPage]) -> ReadPage:
        if task.file.endswith(".pdf"):
            raise FileChangedError("", code="FILE-CHANGED")
        return _page(task)

    state = read(case, ReaderDouble(change))
    assert [bool(source.problem) for source in state.sources] == [True, False]
    assert list(records(case)) == ["领导批示.jpg"]


def test_nothing_is_written_through_a_link(case: Path, tmp_path: Path) -> None:
    """The folder of the records must be one."""
    (tmp_path / "elsewhere").mkdir()
    (case / FOLDER).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OutputError, match="链接"):
        read(case, ReaderDouble())
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_without_the_extra_the_command_says_what_to_install(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, nothing written."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda *_: None)

    assert run(["read", str(case)]) == ExitCode.USAGE
    assert "pip install 'petition-bundler[read]'" in capsys.readouterr().err
    assert not (case / FOLDER).exists()


def test_a_page_waits_for_a_busy_machine(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour may elapse for two minutes of work; otherwise a page behind a batch would be called unclear for good."""
    waited: list[float] = []

    def over(_pipe: object, seconds: float, _progress: object) -> tuple[str, None]:
        waited.append(seconds)
        return "over", None

    monkeypatch.setattr("bundler.sandbox._receive_result", over)
    monkeypatch.setattr("bundler.text_recognition.page_worker._load", dict)
    source = next(one for one in plan_case(read_case(str(case))).sources if one.name == "约谈笔录.pdf")
    waited.clear()
    with PageReader() as reader:
        page = reader.read(next(source.tasks()), {})
    assert page is not None
    assert (page.status, waited) == ("unclear", [1800, 1800])


def test_the_models_are_pinned_by_digest() -> None:
    """Each name has a whole SHA-256."""
    assert {len(digest) for digest in model_files.MODELS.values()} == {64}
