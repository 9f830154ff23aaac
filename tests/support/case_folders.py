"""Generate many case folders with their expected results: complete, incomplete, broken and hostile cases.

All cases share the bytes of one scanned file and take page ranges of it, so that it is inspected once.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.support import cases

SCAN_NAME = "全卷.tif"
_PAGES = 20


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """The expected result of a case: bundled, or returned with a finding of that rule."""

    rule: str | None
    kind: str = "archive"

    @property
    def status(self) -> str:
        """The status in report.json."""
        return "returned" if self.rule else "bundled"


@cache
def scan_file() -> bytes:
    """Return a TIFF file of many different black-and-white A4 pages at 200 dpi."""
    pages = []
    for number in range(_PAGES):
        page = Image.new("1", (1654, 2339), 1)
        pen = ImageDraw.Draw(page)
        for line in range(20):
            pen.rectangle((300, 400 + line * 80, 600 + (number * 37 + line * 53) % 800, 420 + line * 80), fill=0)
        pages.append(page)
    target = io.BytesIO()
    pages[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        strip_size=1 << 24,
        dpi=(200, 200),
    )
    return target.getvalue()


def add_scans(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the case with a scanned page for every paper, also for those that could be generated, so that little is typeset."""
    generated = {"archive": ("registration", "acceptance_notice", "reply_opinion"), "declined": ("registration",)}
    papers = list(generated["declined" if tree["decision"] == "declined" else "archive"])
    if "declined" in tree:
        papers.append("explanation_notice")
    if "write_off" in tree:
        papers += ["measures", "write_off_request"]
    tree["materials"] += [{"items": [item]} for item in papers]
    for page, material in enumerate(tree["materials"], start=1):
        material |= {"file": SCAN_NAME, "pages": str(page)}
    return tree


def write_case(folder: Path, tree: dict[str, Any], number: str) -> None:
    """Write a case folder with its case.json and the scan."""
    tree["registration"]["no"] = number
    folder.mkdir(parents=True)
    (folder / SCAN_NAME).write_bytes(scan_file())
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def _make_complete(folder: Path, number: str, chance: random.Random) -> ExpectedResult:
    trees = [(cases.archive(), "archive"), (cases.write_off(), "write-off"), (cases.write_off(), "write-off")]
    tree, kind = chance.choice([*trees, (cases.declined(chance.randint(1, 7)), "declined")])
    tree["ledgers"] = chance.sample(["supervised", "special", "backlog"], chance.randint(0, 2))
    tree["people"]["handler"] = {"name": chance.choice(["李某某", "张某某", "陈某某"])}
    write_case(folder, add_scans(tree), number)
    return ExpectedResult(None, kind)


_RULE_OF_MISSING_ITEM = {
    "leader_instruction": "ART16-2",
    "acceptance_service": "ART16-4",
    "investigation": "ART16-5",
    "interview": "ART16-6",
    "evidence": "ART16-7",
    "reply_service": "ART16-9",
    "legal_document": "ART14-1",
    "conversation_record": "ART14-2",
    "commitment": "ART14-4",
}


def _make_incomplete(folder: Path, number: str, chance: random.Random) -> ExpectedResult:
    tree = add_scans(cases.write_off())
    item = chance.choice(sorted(_RULE_OF_MISSING_ITEM))
    tree["materials"] = [material for material in tree["materials"] if item not in material["items"]]
    write_case(folder, tree, number)
    return ExpectedResult(_RULE_OF_MISSING_ITEM[item], "write-off")


def _make_broken(folder: Path, number: str, chance: random.Random) -> ExpectedResult:
    """A damaged file or a damaged case.json."""
    write_case(folder, add_scans(cases.archive()), number)
    original = (folder / "case.json").read_bytes()
    file, data, rule = chance.choice(
        [
            (SCAN_NAME, scan_file()[:3000], "FILE-DAMAGED"),
            (SCAN_NAME, b"", "FILE-EMPTY"),
            (SCAN_NAME, b"MZ nothing that is bound", "FILE-TYPE"),
            (SCAN_NAME, None, "FILE-MISSING"),
            ("case.json", original[:-20], "JSON-SYNTAX"),
            ("case.json", original.decode().encode("gb18030"), "JSON-ENCODING"),
            ("case.json", b"[" * 100_000, "JSON-SYNTAX"),
            ("case.json", b'{"decision": "accepted", "decision": "pending"}', "JSON-DUPLICATE-KEY"),
            ("case.json", b'{"decisions": "accepted"}', "JSON-KEY"),
            ("case.json", b"[]", "JSON-SCHEMA"),
        ]
    )
    (folder / file).unlink()
    if data is not None:
        (folder / file).write_bytes(data)
    return ExpectedResult(rule)


def _make_hostile(folder: Path, number: str, chance: random.Random) -> ExpectedResult:
    """Values and files as an attacker would make them."""
    tree = add_scans(cases.archive())
    return chance.choice([_make_formula, _make_path_outside, _make_pipe, _make_unprintable, _make_link])(
        folder, tree, number
    )


def _make_formula(folder: Path, tree: dict[str, Any], number: str) -> ExpectedResult:
    """Text that a spreadsheet would take for a formula, and personal numbers that no report may show."""
    tree["petitioners"][0]["name"] = '=HYPERLINK("http://x.invalid";"点此")'
    tree["registration"]["brief"] = "@SUM(A1)来电13812345678、身份证110101199003070018反映的问题"
    write_case(folder, tree, number)
    return ExpectedResult(None)


def _make_path_outside(folder: Path, tree: dict[str, Any], number: str) -> ExpectedResult:
    tree["materials"][0]["file"] = "../../etc/passwd"
    write_case(folder, tree, number)
    return ExpectedResult("FILE-OUTSIDE")


def _make_pipe(folder: Path, tree: dict[str, Any], number: str) -> ExpectedResult:
    tree["materials"][0] |= {"file": "管道.pdf", "pages": None}
    write_case(folder, tree, number)
    os.mkfifo(folder / "管道.pdf")
    return ExpectedResult("FILE-TYPE")


def _make_unprintable(folder: Path, tree: dict[str, Any], number: str) -> ExpectedResult:
    tree["petitioners"][0]["name"] = "甲\u202e某\u0000某\ue000"
    tree["people"]["handler"]["name"] = "李\ud800"
    write_ascii_case(folder, tree, number)
    return ExpectedResult("DATA-CHARACTER")


def write_complete_cases(root: Path, *numbers: str) -> None:
    """Write complete cases with these registration numbers, each in a folder of that name."""
    for number in numbers:
        write_case(root / number, add_scans(cases.write_off()), number)


def write_ascii_case(folder: Path, tree: dict[str, Any], number: str) -> None:
    """Write a case folder with an ASCII case.json, whose escapes can stand for characters that UTF-8 cannot encode."""
    encodable = {**tree, "petitioners": [], "people": {}}
    write_case(folder, encodable, number)
    (folder / "case.json").write_text(json.dumps(tree), encoding="ascii")


def _make_link(folder: Path, tree: dict[str, Any], number: str) -> ExpectedResult:
    write_case(folder, tree, number)
    (folder / SCAN_NAME).unlink()
    (folder / SCAN_NAME).symlink_to("/etc/hostname")
    return ExpectedResult("FILE-OUTSIDE")


_CaseMaker = Callable[[Path, str, random.Random], ExpectedResult]
_SHARES: tuple[tuple[_CaseMaker, str, int], ...] = (
    (_make_complete, "完整", 5),
    (_make_incomplete, "缺件", 2),
    (_make_broken, "损坏", 2),
    (_make_hostile, "恶意", 1),
)


def make_mixed_cases(root: Path, count: int, seed: int) -> dict[str, ExpectedResult]:
    """Write cases below a folder: of ten, five are complete, two incomplete, two broken, one hostile.

    Returns:
        the expected result of each case by its folder, relative to the root.
    """
    chance = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    makers = [share for share in _SHARES for _ in range(share[2])]
    expected = {}
    for number in range(count):
        make, word, _ = makers[number % len(makers)]
        place = f"{word}/第{number:03}件"
        expected[place] = make(root / place, f"测信执2021-{number:04}", chance)
    return expected
