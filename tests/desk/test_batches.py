"""The batch page: start, watch and stop a batch from the browser; its reports and outputs, the ledgers and deadlines."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bundler.batch.output_lock import hold_output_lock
from bundler.commands import run
from bundler.desk.batches.runner import BatchRunner
from tests.support.desk_client import TODAY, TestClient, app_of, desk, visible_text, wait_for_page
from tests.support.paths import SAMPLES


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with a complete and an incomplete case."""
    for sample in ("declined", "incomplete"):
        shutil.copytree(SAMPLES / sample, tmp_path / "案件" / sample)
    return tmp_path / "案件"


def wait_until_finished(client: TestClient) -> str:
    """The batch page once no batch is running."""
    wait_for_page(client, "/centre/run", lambda text: "开始批处理" in text)
    return str(client.get("/centre").text)


def test_a_batch_is_begun_watched_and_its_outputs_are_handed_out(cases: Path) -> None:
    """The downloads are the files of the output folder, and each has a line in the audit log."""
    out = cases.parent / "批处理"
    with desk(cases) as client:
        assert "停止" in client.post("/centre/start").text
        text = wait_until_finished(client)
        assert "处理了 2 / 2 件" in visible_text(text)
        given = [client.get(path).content for path in re.findall(r'"(/centre/(?:outputs|reports)/[^"]+)"', text)]
        assert client.get("/centre?shown=returned").text.count("/centre/outputs/") == 1
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    # Those to be mended stand first.
    outputs = sorted((one["output"] for one in report["cases"]), key=lambda name: not name.startswith("returned/"))
    made = ["report.pdf", "report.xlsx", "report.json", *outputs]
    assert given == [(out / name).read_bytes() for name in made]
    audit = [json.loads(line) for line in (cases / ".desk" / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["action"] for line in audit] == ["batch", *["download"] * len(made)]


@pytest.mark.parametrize(
    "path",
    [
        "/centre/outputs/0000000000000000",
        "/centre/outputs/..%2f..%2fetc%2fpasswd",
        "/centre/reports/..%2fcase.json",
        "/centre/reports/report.pdf",
        "/centre/books/passwd",
    ],
)
def test_nothing_else_is_handed_out(cases: Path, path: str) -> None:
    """A key that belongs to no output gives status 404, whatever it contains."""
    with desk(cases) as client:
        assert client.get(path).status_code == 404


def test_the_number_of_complete_cases_is_told_with_what_is_not_checked_yet(cases: Path) -> None:
    """Until every file was looked at."""
    with desk(cases) as client:
        assert re.search(r"共 2 件，材料齐全 [01] 件(；正在核对材料，还剩 [12] 件)?。", client.get("/centre").text)
        text = wait_for_page(client, "/centre", lambda text: "正在核对材料" not in text)
        assert "共 2 件，材料齐全 1 件。" in text


def test_the_results_tell_what_goes_up_and_what_does_not(cases: Path) -> None:
    """A write-off that awaits a seal, one that went up before, one that goes up now; what is returned stands first."""
    unsealed = [{"rule": "ART16-UNSEALED", "severity": "warning"}]
    bundled = {"kind": "write-off", "status": "bundled", "findings": []}
    rows: list[dict[str, Any]] = [
        {"case": "甲", "registration_no": "信1", "output": "bundles/信1.pdf", **bundled},
        {"case": "乙", "registration_no": "信2", "output": "bundles/信2.pdf", **bundled, "findings": unsealed},
        {"case": "丙", "registration_no": "信3", "output": "bundles/信3.pdf", **bundled},
        {"case": "丁", "registration_no": "信4", "output": "bundles/信4.pdf", **bundled, "kind": "archive"},
        {"case": "戊", "registration_no": "信5", "output": "", "kind": "archive", "status": "open", "findings": []},
        {"case": "己", "registration_no": None, "output": "returned/己.docx", "findings": [{"severity": "error"}]},
    ]
    out = cases.parent / "批处理"
    out.mkdir()
    report = {"cases": rows, "submission": [{"output": "bundles/信1.pdf"}]}
    (out / "report.json").write_text(json.dumps(report), encoding="utf-8")

    with desk(cases) as client:
        results = re.findall(
            r'<th scope="row">([^<]*).*?<td>[^<]*</td>\s*<td>(.*?)</td>', client.get("/centre").text, re.DOTALL
        )
    assert [(number, re.sub("<[^>]*>", "", label)) for number, label in results][:6] == [
        ("（没有）", "退回，1 处"),
        ("信5", "在办"),
        ("信1", "成卷（报请核销）"),
        ("信2", "成卷（待盖章）"),
        ("信3", "成卷（不再报送）"),
        ("信4", "成卷"),
    ]


def test_a_report_that_names_other_files_gives_none_of_them(cases: Path) -> None:
    """The report in the output folder is not trusted: no link is followed, and nothing outside is read."""
    out = cases.parent / "批处理"
    (out / "bundles").mkdir(parents=True)
    (out / "bundles" / "link.pdf").symlink_to("/etc/hostname")
    outputs = ["bundles/../../案件/declined/case.json", "bundles/link.pdf", "/etc/hostname"]
    rows: list[dict[str, object]] = [
        {"case": "甲", "registration_no": None, "output": name, "findings": []} for name in outputs
    ]
    (out / "report.json").write_text(json.dumps({"cases": rows}), encoding="utf-8")
    with desk(cases) as client:
        links = re.findall(r'"(/centre/outputs/[^"]+)"', client.get("/centre").text)
        assert [client.get(link).status_code for link in links] == [404] * len(outputs)


def test_a_batch_is_stopped_and_leaves_nothing_half_made(cases: Path) -> None:
    """It ends as on Ctrl-C, the page says so, and the next batch can start."""
    out = cases.parent / "批处理"
    with desk(cases) as client:
        client.post("/centre/start")
        wait_for_page(client, "/centre/run", lambda text: " / 2 件" in text or "开始批处理" in text)
        client.post("/centre/stop")
        text = wait_until_finished(client)
    assert "已停止" in text or "已完成" in text
    assert "Traceback" not in text
    assert list(out.rglob(".bundler-*")) == []


def read_record(cases: Path) -> dict[str, Any]:
    """The record of the batch that a desk started; only its owner can read it."""
    file = cases / ".desk" / "batch.json"
    assert file.stat().st_mode & 0o777 == 0o600
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture
def endless_batch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A batch ends only when it is stopped, however slow the test is; until the patch is undone."""
    monkeypatch.setattr(BatchRunner, "_command", lambda _: ["sleep", "3600"])
    return monkeypatch


def suspend_batch(cases: Path) -> int:
    """Suspend the process of the batch, so that it is not stopped before the test resumes it; return its number."""
    process = int(read_record(cases)["process"])
    os.kill(process, signal.SIGSTOP)
    os.waitpid(process, os.WUNTRACED)
    return process


def test_a_desk_that_was_started_anew_stops_the_batch_that_it_began_before(
    cases: Path, endless_batch: pytest.MonkeyPatch
) -> None:
    """The restarted desk shows its progress and who started it, stops it, and starts the next; no file of it is left."""
    with desk(cases) as client:
        client.post("/centre/start")
        first = app_of(client).state.services.batches
        process = suspend_batch(cases)
        log = (cases / ".desk" / "batch.log").stat()
        assert (log.st_mode & 0o777, log.st_uid) == (0o600, os.geteuid())
    with desk(cases, "另一人") as client:
        assert "（书记员 开始）" in client.get("/centre").text
        refused = client.post("/centre/start").text
        assert "批处理正在进行" in refused
        assert "停止</button>" in refused, "the page shows the one that runs"
        assert "正在停止" in client.post("/centre/stop").text
        os.kill(process, signal.SIGCONT)
        text = wait_until_finished(client)
        assert re.search("已停止，没有留下半成品|已结束，结果见下面的报告", text)
        assert "停止</button>" not in text
        assert sorted(path.name for path in (cases / ".desk").iterdir()) == ["audit.jsonl"]
        endless_batch.undo()
        client.post("/centre/start")
        assert "处理了 2 / 2 件" in visible_text(wait_until_finished(client))
    assert not first.progress().is_running
    assert list((cases.parent / "批处理").rglob(".bundler-*")) == []


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"born": "1"},
        {"boot": "another"},
        {"host": "another"},
        {"command": ["sleep", "1"]},
        {"process": 2**70},
        {"process": "1"},
        {"more": 1},
    ],
    ids=str,
)
@pytest.mark.usefixtures("endless_batch")
def test_a_process_that_is_not_surely_the_batch_is_never_stopped(cases: Path, forged: dict[str, Any]) -> None:
    """The number may belong to a later process, another machine or another boot, or another user wrote the record."""
    with desk(cases) as client:
        client.post("/centre/start")
        first = app_of(client).state.services.batches
        process = suspend_batch(cases)
    record = read_record(cases)
    file = cases / ".desk" / "batch.json"
    file.write_text(json.dumps(record | forged), encoding="utf-8")
    if not forged:
        file.chmod(0o640)
    try:
        with desk(cases) as client:
            text = client.get("/centre").text
            assert "停止</button>" not in text
            client.post("/centre/stop")
            status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
            pending = re.search(r"^ShdPnd:\s(\w+)$", status, re.MULTILINE)
            assert pending
            assert not int(pending[1], 16) & 1 << signal.SIGTERM - 1
    finally:
        os.kill(process, signal.SIGKILL)
        while first.progress().is_running:
            time.sleep(0.01)


@pytest.mark.usefixtures("endless_batch")
def test_a_batch_is_found_again_while_its_program_is_still_being_loaded(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its first milliseconds the system tells no command line of it."""
    with desk(cases) as client:
        client.post("/centre/start")
        first = app_of(client).state.services.batches
        process = int(read_record(cases)["process"])
    read, early = Path.read_bytes, [b"", b"", b""]
    command_line = Path(f"/proc/{process}/cmdline")
    monkeypatch.setattr(Path, "read_bytes", lambda path: early.pop() if path == command_line and early else read(path))
    try:
        with desk(cases) as client:
            assert "停止</button>" in client.get("/centre").text
            assert not early
            client.post("/centre/stop")
            wait_until_finished(client)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        while first.progress().is_running:
            time.sleep(0.01)


def test_another_batch_is_told_and_not_disturbed(cases: Path) -> None:
    """The desk sees the lock of another process on the output folder."""
    state = cases.parent / "批处理" / ".bundler"
    state.mkdir(parents=True)
    with desk(cases) as client:
        with hold_output_lock(state):
            assert "另一个批处理正在写" in client.get("/centre").text
            assert "另一个批处理" in client.post("/centre/start").text
        assert "开始批处理" in client.get("/centre").text


def test_the_calendar_of_the_desk_cancels_what_an_earlier_one_had(tmp_path: Path) -> None:
    """A limit that was kept since, and the events of a number that was corrected."""
    case = shutil.copytree(SAMPLES / "in-progress", tmp_path / "案件" / "in-progress")

    def events(client: TestClient) -> dict[str, str]:
        calendar = icalendar.Calendar.from_ical(client.get("/centre/books/agenda.ics").content)
        return {str(one["SUMMARY"]): str(one["STATUS"]) for one in calendar.walk("VEVENT")}

    with desk(case.parent) as client:
        first = events(client)
        text = (case / "case.json").read_text(encoding="utf-8")
        (case / "case.json").write_text(text.replace("钢信执2021-0078", "钢信执2021-0079"), encoding="utf-8")
        second = events(client)
    assert set(first.values()) == {"CONFIRMED"}
    # One that is long past is left out altogether.
    assert {status for name, status in second.items() if "2021-0078" in name} == {"CANCELLED"}
    assert {second[name.replace("2021-0078", "2021-0079")] for name in first} == {"CONFIRMED"}


def test_the_books_are_those_of_the_commands(cases: Path, tmp_path: Path) -> None:
    """The downloaded ledgers and deadlines are the files that the commands write."""
    shutil.copytree(SAMPLES / "in-progress", cases / "in-progress")
    target, day = tmp_path / "期限.ics", TODAY.isoformat()
    run(["calendar", str(cases), "-o", str(target), "--today", day])
    run(["ledger", str(cases), "--xlsx", str(tmp_path / "台账.xlsx"), "--today", day])
    with desk(cases) as client:
        agenda, ledger = (client.get(f"/centre/books/{name}") for name in ("agenda.ics", "ledger.xlsx"))
        page = visible_text(wait_for_page(client, "/centre", lambda text: "钢信执2021-0078" in text))
        shown = client.get("/centre").text
        figures = client.get("/centre/period/figures.xlsx", params={"period": "2021Q4"})
        report = client.get("/centre/period/report.docx")
        register = client.get("/centre/books/register.xlsx")
        wrong = [
            client.get("/centre/period/figures.xlsx?period=去年").status_code,
            client.get("/centre/period/x").status_code,
        ]
    command = ["figures", str(cases), "--today", day]
    run([*command, "--period", "2021Q4", "--xlsx", str(tmp_path / "考核.xlsx")])
    run([*command, "--report", str(tmp_path / "通报.docx")])
    run(["ledger", str(cases), "--register", str(tmp_path / "登记簿.xlsx"), "--today", day])
    assert figures.content == (tmp_path / "考核.xlsx").read_bytes()
    assert report.content == (tmp_path / "通报.docx").read_bytes()
    assert register.content == (tmp_path / "登记簿.xlsx").read_bytes()
    assert wrong == [400, 404]
    assert "下载通报（Word）" in shown
    assert agenda.content == target.read_bytes()
    assert ledger.content == (tmp_path / "台账.xlsx").read_bytes()
    assert "专项化解 1" in page
    assert "信访积案 1" in page


def test_what_is_due_today_is_shown_however_much_is_overdue(tmp_path: Path) -> None:
    """The figures lead to the list of their cases."""
    root = tmp_path / "案件"
    received = {"逾期": ("2021-09-01", 10), "今日": ("2021-12-29", 2)}
    for name, (day, count) in received.items():
        for number in range(count):
            (root / f"{name}{number}").mkdir(parents=True)
            registration = {"no": f"{name}-{number}", "received_on": day}
            tree = {"registration": registration, "decision": "accepted"}
            (root / f"{name}{number}" / "case.json").write_text(json.dumps(tree), encoding="utf-8")
    with desk(root) as client:
        text = wait_for_page(client, "/centre", lambda text: "共 12 件" in text)
    agenda = text[text.index("agenda-title") :]
    assert {f"今日-{number}" for number in range(2)} <= set(re.findall(r">([^<]+)</a></td>", agenda))
    assert re.search(r'<a href="/\?stand=late"><b>\d+</b> 项</a>', agenda)
    assert re.search(r'<a href="/\?stand=soon"><b>2</b> 项</a>', agenda)
    assert "今日到期的全部列出" in agenda
