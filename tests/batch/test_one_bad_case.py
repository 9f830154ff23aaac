"""Whatever is wrong with the cases beside them, good cases are bundled with the same bytes, and reports and submission are made."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from bundler.commands import run
from tests.batch.test_batch import TODAY, read_report, run_batch_command
from tests.support import cases
from tests.support.case_folders import add_scans, write_case, write_complete_cases
from tests.support.hostile import pdfs, pictures, word_files
from tests.support.paths import read_files

NUMBER = "坏案2021-4"
CHARACTERS = [
    *range(0x20),
    *(0x7F, 0x85, 0x9F, 0xA0, 0xAD, 0x0300, 0x0378, 0x0600, 0x061C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200D, 0x2028),
    *(0x2029, 0x202E, 0x2060, 0x2066, 0x2800, 0x3000, 0x3164, 0xD800, 0xDFFF, 0xE000, 0xFDD0, 0xFE0F, 0xFEFF, 0xFFA0),
    *(0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x1D173, 0x1F468, 0x1FFFE, 0xE0001, 0xE0020, 0xE0100, 0xF0000, 0x10FFFF),
]
TEXTS = {
    "a template's command": "{{ 1/0 }}{% include 'x' %}",
    "markup": "</p><script>alert(1)</script>]]>&#0;&#x2028;<!--",
    "a style": "</style><style>*{display:none}",
    "a formula": '=HYPERLINK("http://192.0.2.1")',
    "one long word": "W" * 30_000,
    "a long text": "长" * 60_000,
    "many lines": "行\n" * 500,
    "marks on one letter": "a" + "\u0301" * 3_000,
    "right to left": "שלום עולם",
    "blanks": " \u3000\n ",
    "placeholders": "%s %(x)s {0} {x} \\1 $1",
}
"""Texts that a library may choke on."""
DATES = ["0001-01-01", "9999-12-31", "2199-12-31", ""]

Fault = Callable[[Path, dict[str, Any]], None]


def put_text(text: str) -> Fault:
    """Put a text into fields of all kinds: those of forms, lists, titles and names."""

    def put(_: Path, tree: dict[str, Any]) -> None:
        tree["registration"] |= {"summary": f"甲{text}乙", "brief": f"甲{text}乙", "note": text}
        tree["petitioners"][0] |= {"name": f"甲{text}", "address": text}
        tree["people"]["handler"]["name"] = f"李{text}"
        tree["materials"][0]["title"] = f"材料{text}"
        tree["ledgers"] = ["backlog"]

    return put


def put_date(day: str) -> Fault:
    """Put a day into every field that has one."""

    def change(node: Any) -> Any:  # noqa: ANN401 (any part of a case)
        if isinstance(node, dict):
            return {
                key: day if key.endswith("_on") and isinstance(value, str) else change(value)
                for key, value in node.items()
            }
        return [change(one) for one in node] if isinstance(node, list) else node

    def put(_: Path, tree: dict[str, Any]) -> None:
        tree |= change(tree)

    return put


def put_file(name: str, data: bytes) -> Fault:
    """Add a file as a material."""

    def put(folder: Path, tree: dict[str, Any]) -> None:
        (folder / name).write_bytes(data)
        tree["materials"].append({"items": ["other"], "file": name})

    return put


def put_value(pointer: str, value: object) -> Fault:
    """Put a value of any type at one place."""

    def put(_: Path, tree: dict[str, Any]) -> None:
        *steps, last = pointer.split("/")
        node: Any = tree
        for step in steps:
            node = node[int(step)] if step.isdigit() else node[step]
        node[int(last) if last.isdigit() else last] = value

    return put


def write_json(data: bytes) -> Fault:
    """Write other bytes as case.json."""

    def put(folder: Path, tree: dict[str, Any]) -> None:
        tree.clear()
        (folder / "case.json").write_bytes(data)

    return put


def make_link(folder: Path, tree: dict[str, Any]) -> None:
    """Make case.json a link into nothing."""
    tree.clear()
    (folder / "case.json").symlink_to("/nonexistent")


def make_folder(folder: Path, tree: dict[str, Any]) -> None:
    """Make a folder of a material's name."""
    (folder / "夹.pdf").mkdir()
    tree["materials"].append({"items": ["other"], "file": "夹.pdf"})


def make_pipe(folder: Path, tree: dict[str, Any]) -> None:
    """Make a pipe, from which nothing ever comes."""
    os.mkfifo(folder / "管.pdf")
    tree["materials"].append({"items": ["other"], "file": "管.pdf"})


FAULTS: dict[str, Fault] = {
    **{name: put_text(text) for name, text in TEXTS.items()},
    **{f"the day {day or 'nothing'}": put_date(day) for day in DATES},
    "no JSON": write_json(b"{"),
    "an empty file": write_json(b""),
    "UTF-16": write_json(json.dumps({"registration": {"no": NUMBER}}).encode("utf-16")),
    "no UTF-8": write_json(b'{"registration": {"no": "\xb0\xb8"}}'),
    "deep JSON": write_json(b"[" * 100_000),
    "a list": write_json(b"[]"),
    "NaN": write_json(b'{"registration": {"no": NaN}}'),
    "a number of many digits": write_json(b'{"registration": {"no": ' + b"9" * 10_000 + b"}}"),
    "a name twice": write_json(b'{"registration": {"no": "a", "no": "b"}}'),
    "a link": make_link,
    "a folder as a file": make_folder,
    "a pipe": make_pipe,
    "pages to the end of the world": put_value("materials/0/pages", "1-99999999999"),
    "a number as a path": put_value("registration/no", "../../逃"),
    "an empty number": put_value("registration/no", ""),
    "the number of another case": put_value("registration/no", "测1"),
    "a number with a line": put_value("registration/no", "测\u20284"),
    "a file that leads out": put_value("materials/0/file", "../../../etc/passwd"),
    "a file name with a line": put_value("materials/0/file", "甲\u2028乙.pdf"),
    "a file name of half a character": put_value("materials/0/file", "甲\udcb0.pdf"),
    "an object for a text": put_value("registration/summary", {"a": 1}),
    "no petitioner": put_value("petitioners", []),
    "many petitioners": put_value("petitioners", [{"name": f"某{n}"} for n in range(200)]),
    **{f"pdf: {file.name}": put_file("甲.pdf", file.make()) for file in pdfs.FILES[::17]},
    **{f"picture: {file.name}": put_file(Path(file.name).name, file.make()) for file in pictures.FILES[::9]},
    **{f"word: {file.name}": put_file("甲.docx", file.make()) for file in word_files.FILES[::17]},
    "a line separator in a Word file": put_file(
        "行.docx", word_files.docx_with_paragraph("<w:r><w:t>甲\u2028乙</w:t></w:r>")()
    ),
}


class BadCases:
    """A batch over three good cases and one for each fault, run once; the number of each bad case is its own.

    Attributes:
        checked: for each fault, whether ``check`` accepts the case.
        report: for each fault, the case's entry in report.json.
    """

    def __init__(self, folder: Path, faults: dict[str, Fault]) -> None:
        self.root, self.out = folder / "案件", folder / "结果"
        write_complete_cases(self.root, "测1", "测2", "测3")
        assert run_batch_command(self.root, self.out) == 0
        self.bundles = read_files(self.out / "bundles")
        assert len(self.bundles) == 3
        self.folders = {name: self.root / f"坏案{number:03}" for number, name in enumerate(faults)}
        for name, fault in faults.items():
            put(self.folders[name], fault, f"{NUMBER}-{self.folders[name].name}")
        self.checked = {name: is_accepted(bad) for name, bad in self.folders.items()}
        self.status = run_batch_command(self.root, self.out)
        self.cases = {case["case"]: case for case in read_report(self.out)["cases"]}
        self.report = {name: self.cases[bad.name] for name, bad in self.folders.items()}


def put(bad: Path, fault: Fault, number: str) -> None:
    """Make a case with a fault."""
    tree = add_scans(cases.archive())
    write_case(bad, tree, number)
    (bad / "case.json").unlink()
    fault(bad, tree)
    if tree:
        (bad / "case.json").write_bytes(json.dumps(tree).encode())


def is_accepted(bad: Path) -> bool:
    """Whether the gate accepts a case."""
    with contextlib.redirect_stdout(io.StringIO()):
        return run(["check", str(bad), "--json", "--today", TODAY]) == 0


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> BadCases:
    """The batch over every fault."""
    return BadCases(tmp_path_factory.mktemp("bad"), FAULTS)


@pytest.mark.slow
def test_no_case_stops_a_batch(batch: BadCases) -> None:
    """The good cases have the bytes that they have alone; the reports and the submission are made, and every case is in them."""
    assert batch.status == 1
    assert set(batch.cases) == {"测1", "测2", "测3", *(bad.name for bad in batch.folders.values())}
    good = {name: data for name, data in batch.bundles.items() if name != "测1.pdf"}  # another case has its number
    written = read_files(batch.out / "bundles")
    assert {name: written[name] for name in good} == good
    assert {name: case["status"] for name, case in batch.cases.items() if name in {"测1", "测2", "测3"}} == {
        "测1": "returned",
        "测2": "bundled",
        "测3": "bundled",
    }
    assert pypdf.PdfReader(batch.out / "report.pdf").pages
    assert openpyxl.load_workbook(batch.out / "report.xlsx").worksheets
    assert (batch.out / "submission" / "bagit.txt").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS, ids=[name.encode("ascii", "replace").decode() for name in FAULTS])
def test_a_bad_case_is_returned_with_a_reason(batch: BadCases, name: str) -> None:
    """Or bundled where it is none; and `check` says which of both."""
    case = batch.report[name]
    rules = {one["rule"] for one in case["findings"] if one["severity"] == "error"}

    assert (case["status"] == "bundled") == (batch.checked[name] and "DATA-DUPLICATE" not in rules), case["findings"]
    assert bool(rules) == (case["status"] == "returned")
    assert not {rule for rule in rules if rule.startswith("CASE-") or rule == "TEMPLATE"}
    assert (batch.out / case["output"]).stat().st_size > 1000


@pytest.mark.slow
def test_no_character_stops_a_batch(tmp_path: Path) -> None:
    """All characters that `check` accepts are bundled together; all that it refuses are returned together."""
    accepted = set()
    for code in CHARACTERS:
        put(tmp_path / f"{code:x}", put_text(chr(code)), NUMBER)
        accepted |= {code} if is_accepted(tmp_path / f"{code:x}") else set()
    refused = [chr(code) for code in CHARACTERS if code not in accepted]
    assert {0x2028, 0x2029, 0xFFFE, 0xD800, 0x0B, 0x202E, 0xE000} <= set(CHARACTERS) - accepted
    assert {0xA0, 0x3000} <= accepted
    both = {"accepted": put_text("".join(map(chr, sorted(accepted)))), "refused": put_text("".join(refused))}
    batch = BadCases(tmp_path / "both", both)
    assert {name: case["status"] for name, case in batch.report.items()} == {
        "accepted": "bundled",
        "refused": "returned",
    }


@pytest.mark.parametrize("code", [0x2028, 0x2029])
def test_a_line_or_paragraph_separator_is_a_character_that_cannot_be_printed(
    tmp_path: Path, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """DATA-CHARACTER at each place, by its code."""
    put(tmp_path / "案", put_text(chr(code)), NUMBER)
    assert run(["check", str(tmp_path / "案"), "--json", "--today", TODAY]) == 1
    found = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["rule"] == "DATA-CHARACTER"]
    assert {"/registration/summary", "/registration/brief", "/materials/0/title"} <= {one["path"] for one in found}
    assert all(f"U+{code:04X}" in one["message"] for one in found)
