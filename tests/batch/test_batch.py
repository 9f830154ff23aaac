"""A batch: every case bundled or returned, interrupted and taken up again, and all reports from one set of figures."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import python_calamine

from bundler.batch.bagit_writer import PayloadFile, write_bag
from bundler.batch.case_processing import process_case
from bundler.batch.local_executor import CASE_LIMITS, LocalExecutor
from bundler.batch.output_lock import hold_output_lock
from bundler.batch.run import run_batch, make_settings
from bundler.batch.task import WorkerLostError, BatchSettings, CaseTask
from bundler.case.discovery import find_cases
from bundler.commands import run
from bundler.documents.definitions import find_templates_folder
from bundler.profile import DEFAULT_PROFILE, load_profile
from bundler.reports.case_result import CaseResult
from tests.support import cases
from tests.support.case_folders import SCAN, Truth, keep, make_cases, scan, scanned
from tests.support.verapdf import VeraPdf

TODAY = "2021-12-20"
SECRETS = ("13812345678", "110101199003070018", "13800000000")
"""Personal numbers that stand in the cases."""


def batch(root: Path, out: Path) -> int:
    """Run the command in this process, whose forkserver stays warm from test to test."""
    return run(["batch", str(root), "-o", str(out), "--today", TODAY])


def command(root: Path, out: Path, *options: str) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "bundler", "batch", str(root), "-o", str(out), "--today", TODAY, *options]


def report(out: Path) -> dict[str, Any]:
    """report.json."""
    tree: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return tree


def snapshot(out: Path) -> dict[str, bytes]:
    """Every file of OUT, hidden ones too."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def some_cases(root: Path, *numbers: str) -> None:
    """Complete cases of those numbers, each in a folder of its number."""
    for number in numbers:
        keep(root / number, scanned(cases.write_off()), number)


class Done:
    """One batch over mixed cases, run once for the tests that only look."""

    def __init__(self, folder: Path) -> None:
        self.root, self.out = folder / "案件", folder / "结果"
        self.truths: dict[str, Truth] = make_cases(self.root, 40, seed=5)
        self.ended = subprocess.run(
            command(self.root, self.out, "--json"), capture_output=True, text=True, encoding="utf-8", check=False
        )
        self.cases: list[dict[str, Any]] = report(self.out)["cases"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The batch."""
    return Done(tmp_path_factory.mktemp("batch"))


@pytest.mark.slow
def test_every_case_goes_where_it_belongs(done: Done) -> None:
    """As the generator of the cases knows it, each returned one for the fault that was put into it."""
    found = {case["case"]: case for case in done.cases}

    assert {place: case["status"] for place, case in found.items()} == {
        place: truth.status for place, truth in done.truths.items()
    }
    for place, truth in done.truths.items():
        rules = {found["rule"] for found in found[place]["findings"] if found["severity"] == "error"}
        assert truth.rule in rules if truth.rule else not rules, place
    assert (done.ended.returncode, done.ended.stderr) == (1, "")
    assert json.loads(done.ended.stdout)["cases"] == done.cases


@pytest.mark.slow
def test_each_output_is_there_and_nothing_else_is(done: Done) -> None:
    """A bundle or a notice for each case, by its registration number, and nothing half-made."""
    outputs = {case["output"] for case in done.cases}

    assert outputs == {path for path in snapshot(done.out) if path.startswith(("bundles/", "returned/"))}
    assert not [path for path in done.out.rglob("*") if path.name.startswith(".bundler-")]
    assert {path.name for path in done.out.iterdir()} == {
        ".bundler",
        "bundles",
        "returned",
        "submission",
        "report.json",
        "report.xlsx",
        "report.pdf",
    }


@pytest.mark.slow
def test_a_second_run_makes_nothing_again(done: Done) -> None:
    """No bundle is written when nothing has changed; the reports are the same bytes."""
    before, stamps = snapshot(done.out), [path.stat().st_mtime_ns for path in sorted((done.out / "bundles").iterdir())]

    assert batch(done.root, done.out) == 1
    assert stamps == [path.stat().st_mtime_ns for path in sorted((done.out / "bundles").iterdir())]
    assert snapshot(done.out) == before


@pytest.mark.slow
def test_the_three_reports_agree(done: Done) -> None:
    """With each other, and with a count of the cases themselves."""
    figures = report(done.out)["figures"]
    summary = {row[0]: row[1] for row in rows(done.out / "report.xlsx", "汇总")}
    text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(done.out / "report.pdf").pages)
    counted = Counter(case["status"] for case in done.cases)
    late = sum(figures["limits"][2][state] for state in ("late", "open_late"))

    assert (figures["total"], figures["bundled"], figures["returned"]) == (
        len(done.truths),
        counted["bundled"],
        counted["returned"],
    )
    assert (summary["案件总数"], summary["成卷"], summary["退回补正"]) == (
        figures["total"],
        figures["bundled"],
        figures["returned"],
    )
    assert summary["答复信访人（40 个工作日内）超期"] == late
    assert f"本批共检查案件{figures['total']}件" in text
    assert f"已经成卷的{figures['bundled']}件" in text
    assert f"退回补正的{figures['returned']}件" in text
    for kind in figures["kinds"]:
        assert f"{kind['label']}{kind['bundled']}／{kind['returned']}" in text
    for missing, row in zip(figures["missing"], rows(done.out / "report.xlsx", "缺件统计"), strict=True):
        assert (row[2], row[3]) == (missing["label"], missing["cases"])
        assert f"{missing['label']}{missing['cases']}" in text
    for officer, row in zip(figures["officers"], rows(done.out / "report.xlsx", "承办人"), strict=True):
        assert row[:4] == [officer["name"], officer["cases"], officer["bundled"], officer["returned"]]
        assert f"{officer['name']}{officer['bundled']}／{officer['returned']}" in text


def rows(book: Path, sheet: str) -> list[list[Any]]:
    """A sheet's rows below its heading and header."""
    page = openpyxl.load_workbook(book)[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]


@pytest.mark.slow
def test_the_report_is_fit_for_the_archive(done: Done, verapdf: VeraPdf) -> None:
    """PDF/A-3b, its charts drawn as vectors: no picture stands in it."""
    pictures = [image for page in pypdf.PdfReader(done.out / "report.pdf").pages for image in page.images]

    assert verapdf.faults([done.out / "report.pdf"]) == {}
    assert pictures == []


@pytest.mark.slow
def test_the_workbook_is_ready_for_an_office(done: Done) -> None:
    """Real dates and numbers, links to the outputs, header frozen and repeated, filters, A4 landscape, no formula."""
    workbook = openpyxl.load_workbook(done.out / "report.xlsx")
    page = workbook["全部案件"]
    links = {cell.hyperlink.target for row in page.iter_rows(min_row=3) for cell in row if cell.hyperlink}

    assert {"催督办台账", "专项化解台账", "信访积案台账", "缺件统计", "退回补正", "承办人"} <= set(workbook.sheetnames)
    assert page.max_row - 2 == len(done.truths)
    assert any(cell.is_date for cell in page["J"][2:])
    assert {from_quoted(link) for link in links} == {case["output"] for case in done.cases}
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
        assert sheet.auto_filter.ref
        assert not [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.data_type == "f"]
    assert "=HYPERLINK" in "".join(str(cell.value) for cell in page["E"][2:])


def from_quoted(target: str | None) -> str:
    """A link's target as a path."""
    from urllib.parse import unquote

    return unquote(target or "")


@pytest.mark.slow
def test_another_reader_finds_the_same_in_the_workbooks(done: Done) -> None:
    """Every sheet of the report and of the submission's table opens, with as many rows."""
    for book in (done.out / "report.xlsx", *(done.out / "submission" / "data").glob("*.xlsx")):
        ours = openpyxl.load_workbook(book)
        theirs = python_calamine.CalamineWorkbook.from_path(book)
        assert theirs.sheet_names == ours.sheetnames
        for name in ours.sheetnames:
            assert len(theirs.get_sheet_by_name(name).to_python()) == ours[name].max_row


@pytest.mark.slow
def test_no_report_shows_a_personal_number(done: Done) -> None:
    """Neither JSON, workbook nor page, nor the notices; the summary's words are there, masked."""
    pages = "".join(page.extract_text() for page in pypdf.PdfReader(done.out / "report.pdf").pages)
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(done.out / "report.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    texts = [pages, (done.out / "report.json").read_text(encoding="utf-8"), *cells]

    assert not [text for text in texts for secret in SECRETS if secret in text]
    assert any("138****5678" in text for text in cells)


@pytest.mark.slow
def test_the_submission_is_a_valid_bag_of_the_write_offs_alone(done: Done) -> None:
    """bagit.py validates it, and nothing of a case that is returned or asks for no write-off is in it."""
    folder = done.out / "submission"
    judged = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", str(folder)], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stderr
    wanted = [case for case in done.cases if case["status"] == "bundled" and case["kind"] == "write-off"]
    others = [case["registration_no"] for case in done.cases if case not in wanted and case["registration_no"]]
    files = [path for path in folder.rglob("*") if path.is_file()]
    table = next((folder / "data").glob("*汇总表.xlsx"))
    words = str(rows(table, "汇总表")) + docx_text(next((folder / "data").glob("*请示.docx")))

    assert {path.stem for path in (folder / "data" / "bundles").iterdir()} == {
        case["registration_no"] for case in wanted
    }
    assert len(rows(table, "汇总表")) == len(wanted) > 3
    assert all(case["registration_no"] in words for case in wanted)
    assert not [number for number in others if number in words or any(number in path.name for path in files)]


def docx_text(path: Path) -> str:
    """The words of a Word file, tables included."""
    from docx import Document

    return "".join(str(text.text) for text in Document(str(path)).element.body.iter() if text.tag.endswith("}t"))


@pytest.mark.slow
def test_killed_twenty_times_it_ends_with_the_bytes_of_an_undisturbed_run(tmp_path: Path) -> None:
    """At any moment, with no chance to tidy up; what was finished before is not made again."""
    make_cases(tmp_path / "案件", 12, seed=7)
    batch(tmp_path / "案件", tmp_path / "一次")
    chance, kills = random.Random(11), 0  # noqa: S311 (the same moments each time, no secret)
    while kills < 20:
        process = subprocess.Popen(
            command(tmp_path / "案件", tmp_path / "多次"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, 3.0))
        process.kill()
        process.wait()
        kills += 1

    assert batch(tmp_path / "案件", tmp_path / "多次") == 1
    assert snapshot(tmp_path / "多次") == snapshot(tmp_path / "一次")


@pytest.mark.slow
def test_an_interrupted_batch_says_so_and_leaves_no_worker(tmp_path: Path) -> None:
    """Exit status 130, nothing half-made."""
    some_cases(tmp_path / "案件", *(f"测{number}" for number in range(8)))
    process = subprocess.Popen(
        command(tmp_path / "案件", tmp_path / "结果"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    wait_for(lambda: list((tmp_path / "结果" / "bundles").glob("*.pdf")))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert "已中断" in told.decode()
    assert "Traceback" not in told.decode()
    wait_for(lambda: not [name for name in command_lines() if str(tmp_path) in name])
    assert not [path for path in (tmp_path / "结果").rglob("*") if path.name.startswith(".bundler-")]


def command_lines() -> list[str]:
    """The command line of every process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return found


def wait_for(condition: Callable[[], object]) -> None:
    """Until something is so."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_a_second_batch_on_the_same_output_says_so_and_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the first one lives; its lock goes with it."""
    some_cases(tmp_path / "案件", "测1")
    (tmp_path / "结果" / ".bundler").mkdir(parents=True)
    with hold_output_lock(tmp_path / "结果" / ".bundler"):
        status = batch(tmp_path / "案件", tmp_path / "结果")

    assert status == 5
    assert "另一个批处理" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.pdf"))


def test_a_lock_of_another_machine_holds_while_its_note_is_fresh(tmp_path: Path) -> None:
    """Where the share does not pass locks on; an old note is of a machine that died."""
    note = tmp_path / "lock"
    note.write_text('{"host": "另一台", "process": 1}', encoding="utf-8")
    with pytest.raises(Exception, match="另一台"), hold_output_lock(tmp_path):
        pass
    os.utime(note, (1, 1))
    with hold_output_lock(tmp_path):
        assert "另一台" not in note.read_text(encoding="utf-8")
    assert note.read_bytes() == b""


@pytest.mark.slow
def test_a_vanished_case_is_told_and_its_bundle_moved_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes out of the submission; and when the folder comes back, so does the bundle."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    some_cases(root, "测1", "测2")
    assert batch(root, out) == 0
    bundle = (out / "bundles" / "测2.pdf").read_bytes()
    (root / "测2").rename(tmp_path / "测2")

    assert batch(root, out) == 0
    assert "removed/测2.pdf" in capsys.readouterr().err
    assert report(out)["removed"] == [{"file": "removed/测2.pdf", "case": "测2", "registration_no": "测2"}]
    assert (out / "removed" / "测2.pdf").read_bytes() == bundle
    assert [path.name for path in (out / "bundles").iterdir()] == ["测1.pdf"]
    assert [path.name for path in (out / "submission" / "data" / "bundles").iterdir()] == ["测1.pdf"]
    (tmp_path / "测2").rename(root / "测2")
    batch(root, out)
    assert (out / "bundles" / "测2.pdf").read_bytes() == bundle


@pytest.mark.slow
def test_a_change_of_any_input_makes_that_bundle_anew_and_no_other(tmp_path: Path) -> None:
    """A paper, the case, or its templates; a case that is no longer complete loses its bundle and its place above."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    some_cases(root, "测1", "测2")
    batch(root, out)
    before = snapshot(out)
    (root / "测2" / SCAN).write_bytes(scan() + b"\0")
    batch(root, out)
    after = snapshot(out)
    assert after["bundles/测1.pdf"] == before["bundles/测1.pdf"]
    assert after[".bundler/测2.json"] != before[".bundler/测2.json"]
    (root / "测2" / SCAN).unlink()
    assert batch(root, out) == 1
    assert [path.name for path in (out / "bundles").iterdir()] == ["测1.pdf"]
    assert [path.name for path in (out / "returned").iterdir()] == ["测2.docx"]
    assert "测2" not in str([path.name for path in (out / "submission").rglob("*")])


def test_a_number_borne_twice_is_an_error_for_both(tmp_path: Path) -> None:
    """Also where only width or dashes differ; each notice then bears its folder's name."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for place, number in (("甲", "测信执2021-1"), ("乙", "测信执２０２１—1"), ("丙/甲", "测信执2021-1")):
        keep(root / place, scanned(cases.archive()), number)
    run_here(root, out)
    by_case = {case["case"]: case for case in report(out)["cases"]}

    assert {place: case["output"] for place, case in by_case.items()} == {
        "丙/甲": "returned/甲.docx",
        "乙": "returned/乙.docx",
        "甲": "returned/甲-2.docx",
    }
    for case in by_case.values():
        assert "DATA-DUPLICATE" in {found["rule"] for found in case["findings"]}


def run_here(root: Path, out: Path, do: Callable[[CaseTask], CaseResult] = process_case) -> None:
    """Run a batch with other work than a case's own."""
    executor = LocalExecutor(2)
    try:
        run_batch(root, settings(out), executor, do=do)
    finally:
        executor.shutdown(cancel_futures=True)


def settings(out: Path) -> BatchSettings:
    """What all cases of a test have in common."""
    templates = find_templates_folder(None)
    return make_settings(out, today=date.fromisoformat(TODAY), kind=None, profile=load_profile(), templates=templates)


def misbehave(task: CaseTask) -> CaseResult:
    """Die, outstay its time or eat memory over the cases that say so, and work on the others."""
    name = task.folder.name
    if name == "崩":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "挂":
        os.kill(os.getpid(), signal.SIGXCPU)
    if name == "吃":
        bytearray(resource.getrlimit(resource.RLIMIT_AS)[0])
    if name == "杀":
        os.kill(os.getpid(), signal.SIGKILL)
    return process_case(task)


def test_one_bad_case_never_stops_the_others(tmp_path: Path) -> None:
    """A crash, too much time and too much memory are each that case's finding, told in its notice."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for name in ("崩", "挂", "吃", "杀", "好"):
        keep(root / name, scanned(cases.declined(3)), f"测{name}")
    run_here(root, out, misbehave)
    found = {case["case"]: [one["rule"] for one in case["findings"]] for case in report(out)["cases"]}

    assert {place: rules[0] for place, rules in found.items() if place != "好"} == {
        "崩": "CASE-CRASH",
        "挂": "CASE-TIMEOUT",
        "吃": "CASE-MEMORY",
        "杀": "CASE-MEMORY",
    }
    assert [path.name for path in (out / "bundles").iterdir()] == ["测好.pdf"]
    assert {path.stem for path in (out / "returned").iterdir()} == {"测崩", "测挂", "测吃", "测杀"}


def test_a_worker_that_is_lost_is_told_to_whoever_waits() -> None:
    """The executor gives results and errors as any other does."""
    executor = LocalExecutor(2)
    try:
        assert executor.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 7, 0).result()
        with pytest.raises(WorkerLostError, match="CASE-CRASH"):
            executor.submit(os._exit, 3).result()
    finally:
        executor.shutdown()


def test_a_worker_that_hangs_is_ended(tmp_path: Path) -> None:
    """It waits and takes no processor time; what it has started ends with it."""
    executor = LocalExecutor(1, replace(CASE_LIMITS, seconds=2))
    try:
        with pytest.raises(WorkerLostError, match="CASE-TIMEOUT"):
            executor.submit(wait_beside, tmp_path).result()
    finally:
        executor.shutdown()

    wait_for(lambda: not [name for name in command_lines() if str(tmp_path) in name])


def wait_beside(folder: Path) -> None:
    """Start a process that waits, and wait."""
    subprocess.run([sys.executable, "-c", "import time; time.sleep(3600)", str(folder)], check=True)


@pytest.mark.slow
def test_the_bytes_are_the_same_whoever_does_the_work(tmp_path: Path) -> None:
    """Another executor of the same kind, one worker that does all cases in a row."""
    make_cases(tmp_path / "案件", 10, seed=3)
    run_here(tmp_path / "案件", tmp_path / "甲")
    other: Executor
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        run_batch(tmp_path / "案件", settings(tmp_path / "乙"), other)

    assert snapshot(tmp_path / "甲") == snapshot(tmp_path / "乙")


def test_only_case_folders_below_are_cases(tmp_path: Path) -> None:
    """None inside another case, none hidden, none behind a link, none of the output; and none at all is status 3."""
    root, out = tmp_path / "案件", tmp_path / "案件" / "结果"
    assert run(["batch", str(tmp_path), "-o", str(out)]) == 3
    keep(root / "县" / "甲", scanned(cases.declined(3)), "测1")
    keep(root / "县" / "甲" / "内", scanned(cases.declined(3)), "测2")
    keep(root / ".隐", scanned(cases.declined(3)), "测3")
    keep(tmp_path / "外", scanned(cases.declined(3)), "测4")
    (root / "链").symlink_to(tmp_path / "外")
    run_here(root, out)
    shutil.copytree(root / "县" / "甲", out / "bundles" / "乙")
    run_here(root, out)

    assert [case["case"] for case in report(out)["cases"]] == ["县/甲"]


def test_a_folder_that_cannot_be_looked_into_is_a_case_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it is told of; nobody knows what is in it."""
    keep(tmp_path / "甲", scanned(cases.declined(3)), "测1")
    (tmp_path / "锁").mkdir()
    look = os.scandir

    def closed(path: str) -> Any:  # noqa: ANN401 (what scandir gives)
        if os.fspath(path).endswith("锁"):
            raise PermissionError(13, "closed", path)
        return look(path)

    monkeypatch.setattr(os, "scandir", closed)

    assert [path.name for path in find_cases(tmp_path)] == ["甲", "锁"]


def test_without_a_superior_court_nothing_goes_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reports are written, an earlier submission is taken away, and it is said what the profile lacks."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    some_cases(root, "测1")
    assert batch(root, out) == 0
    words = DEFAULT_PROFILE.read_text(encoding="utf-8").replace('superior_court = "济南市中级人民法院"', "")
    (tmp_path / "本院.toml").write_text(words, encoding="utf-8")
    status = run(["batch", str(root), "-o", str(out), "--today", TODAY, "--profile", str(tmp_path / "本院.toml")])

    assert status == 2
    assert "superior_court" in capsys.readouterr().err
    assert (out / "report.pdf").is_file()
    assert not (out / "submission").exists()


def test_a_folder_of_something_else_is_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written into it."""
    keep(tmp_path / "案件" / "甲", scanned(cases.declined(3)), "测1")
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "重要.txt").write_text("x")

    assert run(["batch", str(tmp_path / "案件"), "-o", str(tmp_path / "别的")]) == 5
    assert "已经有别的文件" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "别的").iterdir()] == ["重要.txt"]


def test_a_bag_of_odd_names_is_read_as_it_was_written(tmp_path: Path) -> None:
    """NFC, and line ends and the sign for them percent-encoded (RFC 8493)."""
    target = tmp_path / "bag"
    write_bag(
        target,
        [PayloadFile("e\u0301\n50%0A.txt", b"x"), PayloadFile("a.txt", b"y")],
        {"Source-Organization": "法院\n甲"},
    )
    lines = (target / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()

    assert [line.partition("  ")[2] for line in lines] == ["data/a.txt", "data/é%0A50%250A.txt"]
    assert (target / "data" / "é\n50%0A.txt").read_bytes() == b"x"
    assert (target / "bag-info.txt").read_text(encoding="utf-8") == "Source-Organization: 法院 甲\nPayload-Oxum: 2.2\n"
