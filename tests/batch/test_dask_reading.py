"""Scans are read on a Dask cluster as on this machine; a worker that is lost loses nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bundler.commands import run
from bundler.scan_reading.case_readings import FOLDER, parse_record
from tests.batch.test_dask_cluster import BATCH_SECONDS, kill_group, run_cluster
from tests.support.case_files import write_case
from tests.support.paths import SAMPLES

SCAN = "约谈笔录.pdf"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with a scan of four pages."""
    folder = write_case(tmp_path / "cases" / "case", materials=[{"items": ["interview"], "file": SCAN}])
    shutil.copy(SAMPLES / "write-off-complete" / "materials" / SCAN, folder)
    return folder


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_reads_every_page(case: Path, tmp_path: Path) -> None:
    """One of two workers is killed when the first page is read."""
    pytest.importorskip("rapidocr", reason="needs make setup-read")
    notes = tmp_path / "notes"
    notes.mkdir()
    command = [sys.executable, "-m", "bundler", "read", str(case), "--progress", "--scheduler"]
    with run_cluster(notes, workers=2) as (address, (_, worker, _other)):
        reading = subprocess.Popen([*command, address], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert reading.stderr is not None
        assert reading.stderr.readline().startswith("进度 0/4")
        kill_group(worker)
        printed, errors = reading.communicate(timeout=BATCH_SECONDS)

    assert reading.returncode == 0, errors
    assert printed == "共 1 件，扫描页 4 页：这次读了 4 页，以前读过 0 页。\n"
    (record,) = (parse_record(path.read_bytes()) for path in (case / FOLDER).iterdir())
    assert [(page.number, page.status) for page in record.pages] == [(n, "read") for n in (1, 2, 3, 4)]
    assert "约谈" in record.pages[0].text


def test_an_address_without_a_scheduler_is_told(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a usage error; so are two ways at once."""
    monkeypatch.setattr("bundler.batch.cluster_executor.CONNECT_SECONDS", 0.2)
    assert run(["read", str(case), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "连不上调度器" in capsys.readouterr().err
    assert run(["read", str(case), "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2"]) == 2
    assert not (case / FOLDER).exists()
