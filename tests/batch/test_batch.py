"""A batch bundles or returns every case, resumes after an interruption, and writes consistent reports."""

from __future__ import annotations

import json
import os
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
from unittest.mock import patch

import openpyxl
import pypdf
import pytest
import python_calamine

from bundler.batch import case_processing
from bundler.batch.bagit_writer import PayloadFile, write_bag
from bundler.batch.case_processing import process_case
from bundler.batch.local_executor import CASE_LIMITS, LocalExecutor
from bundler.batch.output_lock import hold_output_lock
from bundler.batch.run import make_settings, run_batch
from bundler.batch.worker_tasks import BatchSettings, CaseTask, WorkerLostError
from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.case.find_case_folders import find_cases
from bundler.commands import run
from bundler.documents.definitions import find_templates_folder
from bundler.profile import DEFAULT_PROFILE, load_profile
from bundler.reports.case_result import CaseResult
from tests.support import cases
from tests.support.case_folders import (
    SCAN_NAME,
    ExpectedResult,
    add_scans,
    make_mixed_cases,
    scan_file,
    write_case,
    write_complete_cases,
)
from tests.support.paths import WITH_SIGINT, read_files
from tests.support.verapdf import VeraPdf

TODAY = "2021-12-20"
KILLS = (
    *((number, "") for number in (0, 1, 3, 6, 9, 12)),
    *((12, name) for name in ("report.pdf", "submission")),
)
"""The number of finished cases, and the file for which is waited, after which a batch is killed."""
SECRETS = ("13812345678", "110101199003070018", "13800000000")
"""Personal numbers in the generated cases."""


def run_batch_command(root: Path, out: Path) -> int:
    """Run the command in this process, so that the fork server is shared between tests."""
    return run(["batch", str(root), "-o", str(out), "--today", TODAY])


def batch_command(root: Path, out: Path, *options: str) -> list[str]:
    """Return the command line of a batch."""
    return [sys.executable, "-m", "bundler", "batch", str(root), "-o", str(out), "--today", TODAY, *options]


def read_report(out: Path) -> dict[str, Any]:
    """Return the content of report.json."""
    tree: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return tree


class FinishedBatch:
    """A batch over mixed cases, run once for all tests that only read its output."""

    def __init__(self, folder: Path) -> None:
        self.root, self.out = folder / "案件", folder / "结果"
        self.expected: dict[str, ExpectedResult] = make_mixed_cases(self.root, 40, seed=5)
        self.ended = subprocess.run(
            batch_command(self.root, self.out, "--json"), capture_output=True, text=True, encoding="utf-8", check=False
        )
        self.cases: list[dict[str, Any]] = read_report(self.out)["cases"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> FinishedBatch:
    """Run the batch."""
    return FinishedBatch(tmp_path_factory.mktemp("batch"))


@pytest.mark.slow
def test_every_case_goes_where_it_belongs(finished: FinishedBatch) -> None:
    """As the generator of the cases expects; a returned case has a finding for its fault."""
    found = {case["case"]: case for case in finished.cases}

    assert {place: case["status"] for place, case in found.items()} == {
        place: expected.status for place, expected in finished.expected.items()
    }
    for place, expected in finished.expected.items():
        rules = {found["rule"] for found in found[place]["findings"] if found["severity"] == "error"}
        assert expected.rule in rules if expected.rule else not rules, place
    assert (finished.ended.returncode, finished.ended.stderr) == (1, "")
    assert json.loads(finished.ended.stdout)["cases"] == finished.cases


@pytest.mark.slow
def test_each_output_is_there_and_nothing_else_is(finished: FinishedBatch) -> None:
    """A bundle or a notice for each case, named by its registration number, and no partial file."""
    outputs = {case["output"] for case in finished.cases}

    assert outputs == {path for path in read_files(finished.out) if path.startswith(("bundles/", "returned/"))}
    assert not [path for path in finished.out.rglob("*") if path.name.startswith(".bundler-")]
    assert {path.name for path in finished.out.iterdir()} == {
        ".bundler",
        "bundles",
        "returned",
        "submission",
        "report.json",
        "report.xlsx",
        "report.pdf",
    }


@pytest.mark.slow
def test_a_second_run_makes_nothing_again(finished: FinishedBatch) -> None:
    """No bundle is written when nothing has changed; the reports have the same bytes."""
    before, stamps = (
        read_files(finished.out),
        [path.stat().st_mtime_ns for path in sorted((finished.out / "bundles").iterdir())],
    )

    assert run_batch_command(finished.root, finished.out) == 1
    assert stamps == [path.stat().st_mtime_ns for path in sorted((finished.out / "bundles").iterdir())]
    assert read_files(finished.out) == before


@pytest.mark.slow
def test_the_three_reports_agree(finished: FinishedBatch) -> None:
    """With each other, and with a count of the cases."""
    figures = read_report(finished.out)["figures"]
    summary = {row[0]: row[1] for row in sheet_rows(finished.out / "report.xlsx", "汇总")}
    text = "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(finished.out / "report.pdf").pages)
    counted = Counter(case["status"] for case in finished.cases)
    late = sum(figures["limits"][2][state] for state in ("late", "open_late"))

    assert (figures["total"], figures["bundled"], figures["returned"]) == (
        len(finished.expected),
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
    for missing, row in zip(figures["missing"], sheet_rows(finished.out / "report.xlsx", "缺件统计"), strict=True):
        assert (row[2], row[3]) == (missing["label"], missing["cases"])
        assert f"{missing['label']}{missing['cases']}" in text
    for officer, row in zip(figures["officers"], sheet_rows(finished.out / "report.xlsx", "承办人"), strict=True):
        assert row[:4] == [officer["name"], officer["cases"], officer["bundled"], officer["returned"]]
        assert f"{officer['name']}{officer['bundled']}／{officer['returned']}" in text


def sheet_rows(book: Path, sheet: str) -> list[list[Any]]:
    """Return the rows of a sheet below title and header."""
    page = openpyxl.load_workbook(book)[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]


@pytest.mark.slow
def test_the_report_is_fit_for_the_archive(finished: FinishedBatch, verapdf: VeraPdf) -> None:
    """PDF/A-3b, with vector charts and no raster image."""
    pictures = [image for page in pypdf.PdfReader(finished.out / "report.pdf").pages for image in page.images]

    assert verapdf.faults([finished.out / "report.pdf"]) == {}
    assert pictures == []


@pytest.mark.slow
def test_the_workbook_is_ready_for_an_office(finished: FinishedBatch) -> None:
    """Real dates and numbers, links to the outputs, header frozen and repeated, filters, charts, A4 landscape, no formula."""
    workbook = openpyxl.load_workbook(finished.out / "report.xlsx")
    page = workbook["全部案件"]
    links = {cell.hyperlink.target for row in page.iter_rows(min_row=3) for cell in row if cell.hyperlink}

    assert {"催督办台账", "专项化解台账", "信访积案台账", "缺件统计", "退回补正", "承办人"} <= set(workbook.sheetnames)
    assert page.max_row - 2 == len(finished.expected)
    assert any(cell.is_date for cell in page["J"][2:])
    assert {unquote_link(link) for link in links} == {case["output"] for case in finished.cases}
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
        assert sheet.auto_filter.ref
        assert not [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.data_type == "f"]
    assert [row[1] for row in workbook["图表"].iter_rows(min_row=3, max_row=9, values_only=True)] == [
        *("各项材料缺少的案件数", "各承办人案件的办理结果（件）", "各承办人约谈、答复超期（件）"),
        "全院：2021年1月1日至12月20日与上期比较（件）",
        *(f"按{name}：答复与超期（件）" for name in ("案件承办人", "主办院领导", "执行信访团队经办人")),
    ]
    assert [len(found) for sheet in workbook if (found := getattr(sheet, "_charts", []))] == [7]
    assert "=HYPERLINK" in "".join(str(cell.value) for cell in page["E"][2:])


def unquote_link(target: str | None) -> str:
    """Return the target of a link as a path."""
    from urllib.parse import unquote

    return unquote(target or "")


@pytest.mark.slow
def test_another_reader_finds_the_same_in_the_workbooks(finished: FinishedBatch) -> None:
    """Another library opens every sheet of the report and of the summary, with the same number of rows."""
    for book in (finished.out / "report.xlsx", *(finished.out / "submission" / "data").glob("*.xlsx")):
        ours = openpyxl.load_workbook(book)
        theirs = python_calamine.CalamineWorkbook.from_path(book)
        assert theirs.sheet_names == ours.sheetnames
        for name in ours.sheetnames:
            assert len(theirs.get_sheet_by_name(name).to_python()) == ours[name].max_row


@pytest.mark.slow
def test_no_report_shows_a_personal_number(finished: FinishedBatch) -> None:
    """In JSON, workbook or PDF; the text is there, with the number masked."""
    pages = "".join(page.extract_text() for page in pypdf.PdfReader(finished.out / "report.pdf").pages)
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(finished.out / "report.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    texts = [pages, (finished.out / "report.json").read_text(encoding="utf-8"), *cells]

    assert not [text for text in texts for secret in SECRETS if secret in text]
    assert any("138****5678" in text for text in cells)


@pytest.mark.slow
def test_the_submission_is_a_valid_bag_of_the_write_offs_alone(finished: FinishedBatch) -> None:
    """bagit.py validates it, and it has no file of a case that is returned or requests no write-off."""
    folder = finished.out / "submission"
    judged = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", str(folder)], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stderr
    wanted = [case for case in finished.cases if case["status"] == "bundled" and case["kind"] == "write-off"]
    others = [case["registration_no"] for case in finished.cases if case not in wanted and case["registration_no"]]
    files = [path for path in folder.rglob("*") if path.is_file()]
    table = next((folder / "data").glob("*汇总表.xlsx"))
    words = str(sheet_rows(table, "汇总表")) + word_text(next((folder / "data").glob("*请示.docx")))

    assert {path.stem for path in (folder / "data" / "bundles").iterdir()} == {
        case["registration_no"] for case in wanted
    }
    assert len(sheet_rows(table, "汇总表")) == len(wanted) > 3
    assert all(case["registration_no"] in words for case in wanted)
    assert not [number for number in others if number in words or any(number in path.name for path in files)]


def word_text(path: Path) -> str:
    """Return the text of a Word file, tables included."""
    from docx import Document

    return "".join(str(text.text) for text in Document(str(path)).element.body.iter() if text.tag.endswith("}t"))


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_bytes_of_an_undisturbed_run(tmp_path: Path) -> None:
    """Ever further on, without a chance to clean up, while two workers are at work; and when a report or the bag appears."""
    make_mixed_cases(tmp_path / "案件", 12, seed=7)
    run_batch_command(tmp_path / "案件", tmp_path / "一次")
    command = batch_command(tmp_path / "案件", tmp_path / "多次", "--progress")
    for number_of_cases, awaited in KILLS:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as batch:
            assert batch.stderr is not None
            assert any(line == f"进度 {number_of_cases}/12\n" for line in batch.stderr)
            wait_until((tmp_path / "多次" / awaited).exists)
            batch.kill()

    assert run_batch_command(tmp_path / "案件", tmp_path / "多次") == 1
    assert read_files(tmp_path / "多次") == read_files(tmp_path / "一次")


@pytest.mark.slow
def test_an_interrupted_batch_says_so_and_leaves_no_worker(tmp_path: Path) -> None:
    """Exit status 130, and no partial file."""
    write_complete_cases(tmp_path / "案件", *(f"测{number}" for number in range(8)))
    process = subprocess.Popen(
        [*WITH_SIGINT, *batch_command(tmp_path / "案件", tmp_path / "结果")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: list((tmp_path / "结果" / "bundles").glob("*.pdf")))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert "已中断" in told.decode()
    assert "Traceback" not in told.decode()
    wait_until(lambda: not [name for name in process_command_lines() if str(tmp_path) in name])
    assert not [path for path in (tmp_path / "结果").rglob("*") if path.name.startswith(".bundler-")]


def process_command_lines() -> list[str]:
    """Return the command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, for 120 seconds at most."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.02)


def test_a_second_batch_on_the_same_output_says_so_and_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the first one runs."""
    write_complete_cases(tmp_path / "案件", "测1")
    (tmp_path / "结果" / ".bundler").mkdir(parents=True)
    with hold_output_lock(tmp_path / "结果" / ".bundler"):
        status = run_batch_command(tmp_path / "案件", tmp_path / "结果")

    assert status == 5
    assert "另一个批处理" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.pdf"))


def test_a_lock_of_another_machine_holds_while_its_note_is_fresh(tmp_path: Path) -> None:
    """On a share that does not pass locks to other machines; an old note is from a machine that died."""
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
    """It is removed from the submission; when the folder comes back, so does the bundle."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_complete_cases(root, "测1", "测2")
    assert run_batch_command(root, out) == 0
    bundle = (out / "bundles" / "测2.pdf").read_bytes()
    (root / "测2").rename(tmp_path / "测2")

    assert run_batch_command(root, out) == 0
    assert "旧卷移到 removed/测2.pdf（测2：案件文件夹已不在，或者改了登记号）" in capsys.readouterr().err
    assert read_report(out)["removed"] == [{"file": "removed/测2.pdf", "case": "测2", "registration_no": "测2"}]
    assert (out / "removed" / "测2.pdf").read_bytes() == bundle
    assert [path.name for path in (out / "bundles").iterdir()] == ["测1.pdf"]
    assert [path.name for path in (out / "submission" / "data" / "bundles").iterdir()] == ["测1.pdf"]
    (tmp_path / "测2").rename(root / "测2")
    (root / "待立案" / "materials").mkdir(parents=True)
    (root / "待立案" / "materials" / "来信.pdf").write_bytes(b"%PDF-1.7")
    run_batch_command(root, out)
    assert (out / "bundles" / "测2.pdf").read_bytes() == bundle
    assert read_report(out)["removed"] == []
    told = capsys.readouterr().err
    assert "removed" not in told
    assert "“待立案”里有材料，没有 case.json，不算一件" in told
    (root / "测2" / SCAN_NAME).unlink()
    run_batch_command(root, out)
    assert "（测2：案件还在，已不齐全）" in capsys.readouterr().err


@pytest.mark.slow
def test_a_change_of_any_input_makes_that_bundle_anew_and_no_other(tmp_path: Path) -> None:
    """A material or the case; a case that is no longer complete loses its bundle and its place in the submission."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_complete_cases(root, "测1", "测2")
    run_batch_command(root, out)
    before = read_files(out)
    (root / "测2" / SCAN_NAME).write_bytes(scan_file() + b"\0")
    run_batch_command(root, out)
    after = read_files(out)
    assert after["bundles/测1.pdf"] == before["bundles/测1.pdf"]
    assert after[".bundler/测2.json"] != before[".bundler/测2.json"]
    (root / "测2" / SCAN_NAME).unlink()
    assert run_batch_command(root, out) == 1
    assert [path.name for path in (out / "bundles").iterdir()] == ["测1.pdf"]
    assert [path.name for path in (out / "returned").iterdir()] == ["测2.docx"]
    assert "测2" not in str([path.name for path in (out / "submission").rglob("*")])


def test_a_number_borne_twice_is_an_error_for_both(tmp_path: Path) -> None:
    """Also where only width or dashes differ; each notice is then named by the case folder."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for place, number in (("甲", "测信执2021-1"), ("乙", "测信执２０２１—1"), ("丙/甲", "测信执2021-1")):
        write_case(root / place, add_scans(cases.archive()), number)
    run_locally(root, out)
    by_case = {case["case"]: case for case in read_report(out)["cases"]}

    assert {place: case["output"] for place, case in by_case.items()} == {
        "丙/甲": "returned/甲.docx",
        "乙": "returned/乙.docx",
        "甲": "returned/甲-2.docx",
    }
    for case in by_case.values():
        assert "DATA-DUPLICATE" in {found["rule"] for found in case["findings"]}


def run_locally(root: Path, out: Path, process: Callable[[CaseTask], CaseResult] = process_case) -> None:
    """Run a batch with workers of this machine."""
    executor = LocalExecutor(2)
    try:
        run_batch(root, batch_settings(out), executor, process=process)
    finally:
        executor.shutdown(cancel_futures=True)


def batch_settings(out: Path) -> BatchSettings:
    """Return the settings of the batches here."""
    templates = find_templates_folder(None)
    return make_settings(out, today=date.fromisoformat(TODAY), kind=None, profile=load_profile(), templates=templates)


def fail_by_name(task: CaseTask) -> CaseResult:
    """Crash, exceed the CPU time or exceed the memory on cases named so, and process the others."""
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
    """A crash, a timeout and a memory error each become a finding of that case, with a notice."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for name in ("崩", "挂", "吃", "杀", "好"):
        write_case(root / name, add_scans(cases.declined(3)), f"测{name}")
    run_locally(root, out, fail_by_name)
    found = {case["case"]: [one["rule"] for one in case["findings"]] for case in read_report(out)["cases"]}

    assert {place: rules[0] for place, rules in found.items() if place != "好"} == {
        "崩": "CASE-CRASH",
        "挂": "CASE-TIMEOUT",
        "吃": "CASE-MEMORY",
        "杀": "CASE-MEMORY",
    }
    assert [path.name for path in (out / "bundles").iterdir()] == ["测好.pdf"]
    assert {path.stem for path in (out / "returned").iterdir()} == {"测崩", "测挂", "测吃", "测杀"}


def exchange_after_check(task: CaseTask) -> CaseResult:
    """Process a case; if its folder says so, another scan is put under the name of the checked one before it is bound."""

    def check_and_exchange(*arguments: Any, **options: Any) -> CheckedCase:  # noqa: ANN401 (those of check_case)
        checked = check_case(*arguments, **options)
        if task.folder.name == "换":
            scan = task.folder / SCAN_NAME
            scan.write_bytes(scan.read_bytes() + b"\n")
        return checked

    with patch.object(case_processing, "check_case", check_and_exchange):
        return process_case(task)


def test_a_file_exchanged_after_the_check_returns_that_case_alone(tmp_path: Path) -> None:
    """The case has the finding, with a notice and no bundle; the other one is bundled."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for name in ("换", "好"):
        write_case(root / name, add_scans(cases.declined(3)), f"测{name}")
    run_locally(root, out, exchange_after_check)
    found = {
        case["case"]: (case["status"], [one["rule"] for one in case["findings"]]) for case in read_report(out)["cases"]
    }
    assert found["换"][0] == "returned"
    assert "FILE-CHANGED" in found["换"][1]
    assert [path.name for path in (out / "bundles").iterdir()] == ["测好.pdf"]


def test_a_worker_that_is_lost_is_told_to_whoever_waits() -> None:
    """The executor returns results and raises errors like any other."""
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
    """It waits and uses no CPU time; the processes it started end with it."""
    executor = LocalExecutor(1, replace(CASE_LIMITS, seconds=2))
    try:
        with pytest.raises(WorkerLostError, match="CASE-TIMEOUT"):
            executor.submit(start_process_and_wait, tmp_path).result()
    finally:
        executor.shutdown()

    wait_until(lambda: not [name for name in process_command_lines() if str(tmp_path) in name])


def start_process_and_wait(folder: Path) -> None:
    """Start a process that sleeps, and wait for it."""
    subprocess.run([sys.executable, "-c", "import time; time.sleep(3600)", str(folder)], check=True)


@pytest.mark.slow
def test_the_bytes_are_the_same_whoever_does_the_work(tmp_path: Path) -> None:
    """With another executor, whose single worker processes all cases one after the other."""
    make_mixed_cases(tmp_path / "案件", 10, seed=3)
    run_locally(tmp_path / "案件", tmp_path / "甲")
    other: Executor
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        run_batch(tmp_path / "案件", batch_settings(tmp_path / "乙"), other)

    assert read_files(tmp_path / "甲") == read_files(tmp_path / "乙")


def test_only_case_folders_below_are_cases(tmp_path: Path) -> None:
    """Not inside another case, hidden, behind a link, or in the output; without any case the exit status is 3."""
    root, out = tmp_path / "案件", tmp_path / "案件" / "结果"
    assert run(["batch", str(tmp_path), "-o", str(out)]) == 3
    write_case(root / "县" / "甲", add_scans(cases.declined(3)), "测1")
    write_case(root / "县" / "甲" / "内", add_scans(cases.declined(3)), "测2")
    write_case(root / ".隐", add_scans(cases.declined(3)), "测3")
    write_case(tmp_path / "外", add_scans(cases.declined(3)), "测4")
    (root / "链").symlink_to(tmp_path / "外")
    run_locally(root, out)
    shutil.copytree(root / "县" / "甲", out / "bundles" / "乙")
    run_locally(root, out)

    assert [case["case"] for case in read_report(out)["cases"]] == ["县/甲"]


def test_a_folder_that_cannot_be_looked_into_is_a_case_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it is reported, because it may contain cases."""
    write_case(tmp_path / "甲", add_scans(cases.declined(3)), "测1")
    (tmp_path / "锁").mkdir()
    look = os.scandir

    def closed(path: str) -> Any:  # noqa: ANN401 (what scandir gives)
        if os.fspath(path).endswith("锁"):
            raise PermissionError(13, "closed", path)
        return look(path)

    monkeypatch.setattr(os, "scandir", closed)

    assert [path.name for path in find_cases(tmp_path)] == ["甲", "锁"]


def test_without_a_superior_court_nothing_goes_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reports are written, an earlier submission is deleted, and the message names the missing value of the profile."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_complete_cases(root, "测1")
    assert run_batch_command(root, out) == 0
    words = DEFAULT_PROFILE.read_text(encoding="utf-8").replace('superior_court = "济南市中级人民法院"', "")
    (tmp_path / "本院.toml").write_text(words, encoding="utf-8")
    status = run(["batch", str(root), "-o", str(out), "--today", TODAY, "--profile", str(tmp_path / "本院.toml")])

    assert status == 2
    assert "superior_court" in capsys.readouterr().err
    assert (out / "report.pdf").is_file()
    assert not (out / "submission").exists()


def test_a_folder_of_something_else_is_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written there."""
    write_case(tmp_path / "案件" / "甲", add_scans(cases.declined(3)), "测1")
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "重要.txt").write_text("x")

    assert run(["batch", str(tmp_path / "案件"), "-o", str(tmp_path / "别的")]) == 5
    assert "已经有别的文件" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "别的").iterdir()] == ["重要.txt"]


def test_a_bag_of_odd_names_is_read_as_it_was_written(tmp_path: Path) -> None:
    """NFC, with line breaks and the percent sign percent-encoded (RFC 8493)."""
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
