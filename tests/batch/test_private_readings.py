"""What was read stays in the case folder: no output holds a record, and no list or report a number of a person that was read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from bundler.commands import run
from bundler.scan_reading.case_readings import FOLDER
from tests.support.case_folders import SCAN_NAME, write_complete_cases
from tests.support.paths import copy_sample, read_files
from tests.support.scan_readings import read_page, write_record

TODAY = "2021-12-20"
PHONE, IDENTITY = "13812345678", "110101199003070018"
MASKED = ("138****5678", "110101********0018")
LINES = [
    f"电话{PHONE}号码{IDENTITY}",
    "其余文字只为凑够四十个字，既没有标题，也没有案号和姓名，说的是谁家的什么材料全不知道",
]
RETURNED, COMPLETE = "incomplete", "钢信执2021-0042"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of a complete case and one that is returned; on scans of both, numbers of a person were read."""
    folder = tmp_path_factory.mktemp("private")
    write_complete_cases(folder / "案件", COMPLETE)
    write_record(folder / "案件" / COMPLETE, SCAN_NAME, [read_page(number, LINES) for number in range(1, 9)])
    returned = copy_sample(RETURNED, folder / "案件" / RETURNED)
    write_record(returned, "materials/答复意见书送达回证.jpg", [read_page(1, LINES)])
    assert run(["batch", str(folder / "案件"), "-o", str(folder / "批处理"), "--today", TODAY]) == 1
    return folder


def parts(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and everything packed into it: members of archives and Office files, attachments of a PDF, and its pages' text."""
    yield name, data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from parts(f"{name}/{member}", archive.read(member))
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for attached, spec in pdf.attachments.items():
                yield from parts(f"{name}/attached/{attached}", spec.get_file().read_bytes())
        with pypdfium2.PdfDocument(data) as document:
            yield f"{name}/pages", "".join(page.get_textpage().get_text_range() for page in document).encode()


def test_no_output_holds_a_record(root: Path) -> None:
    """Neither the bundles nor the submission nor the reports; the words are in the text layer of the bundle alone."""
    records = {path.name: path.read_bytes() for path in (root / "案件").rglob(f"{FOLDER}/*")}
    assert len(records) == 2
    found = dict(part for name, data in read_files(root / "批处理").items() for part in parts(name, data))
    assert any(name.startswith("submission/data/bundles/") for name in found)
    for name, data in found.items():
        assert FOLDER not in name
        assert not any(record in name or content in data for record, content in records.items()), name
        if PHONE.encode() in data or IDENTITY.encode() in data:
            assert name.endswith(".pdf/pages"), name
            assert name.startswith(("bundles/", "submission/data/bundles/")), name


def test_findings_mask_the_numbers_that_they_quote(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words and places; what the desk and the commands print comes from them."""
    for case in (RETURNED, COMPLETE):
        for options in (["--json"], []):
            run(["check", str(root / "案件" / case), "--today", TODAY, *options])
            printed = capsys.readouterr()
            assert "READ-ITEM" in printed.out
            assert MASKED[0] in printed.out
            assert not [number for number in (PHONE, IDENTITY) if number in printed.out + printed.err]
    report = json.loads((root / "批处理" / "report.json").read_text(encoding="utf-8"))
    told = [one for entry in report["cases"] for one in entry["findings"] if one["rule"] == "READ-ITEM"]
    assert told
    assert all(MASKED[0] in one["message"] for one in told)
    assert any(MASKED[0] in place["read"] for one in told for place in one["places"])
