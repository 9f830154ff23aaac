"""Case folders by the hundred, each with what has to become of it: complete, incomplete, broken and hostile ones.

All cases of one call share the bytes of one scanned file, cut by page ranges, so that it is inspected once.
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

SCAN = "全卷.tif"
_PAGES = 20


@dataclass(frozen=True, slots=True)
class Truth:
    """What has to become of a case: bundled, or returned for that rule."""

    rule: str | None
    kind: str = "archive"

    @property
    def status(self) -> str:
        """As report.json says it."""
        return "returned" if self.rule else "bundled"


@cache
def scan() -> bytes:
    """A fax-like file of many A4 pages at 200 dpi, no two alike."""
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


def scanned(tree: dict[str, Any]) -> dict[str, Any]:
    """The case with every paper of it on a page of the one scan, what could be generated too: little is left to set."""
    made = {"archive": ("registration", "acceptance_notice", "reply_opinion"), "declined": ("registration",)}
    papers = list(made["declined" if tree["decision"] == "declined" else "archive"])
    if "declined" in tree:
        papers.append("explanation_notice")
    if "write_off" in tree:
        papers += ["measures", "write_off_request"]
    tree["materials"] += [{"items": [item]} for item in papers]
    for page, material in enumerate(tree["materials"], start=1):
        material |= {"file": SCAN, "pages": str(page)}
    return tree


def keep(folder: Path, tree: dict[str, Any], number: str) -> None:
    """Write a case folder with its scan."""
    tree["registration"]["no"] = number
    folder.mkdir(parents=True)
    (folder / SCAN).write_bytes(scan())
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def _complete(folder: Path, number: str, chance: random.Random) -> Truth:
    trees = [(cases.archive(), "archive"), (cases.write_off(), "write-off"), (cases.write_off(), "write-off")]
    tree, kind = chance.choice([*trees, (cases.declined(chance.randint(1, 7)), "declined")])
    tree["ledgers"] = chance.sample(["supervised", "special", "backlog"], chance.randint(0, 2))
    tree["people"]["handler"]["name"] = chance.choice(["李某某", "张某某", "陈某某"])
    keep(folder, scanned(tree), number)
    return Truth(None, kind)


_RULE_OF = {
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


def _incomplete(folder: Path, number: str, chance: random.Random) -> Truth:
    tree = scanned(cases.write_off())
    item = chance.choice(sorted(_RULE_OF))
    tree["materials"] = [material for material in tree["materials"] if item not in material["items"]]
    keep(folder, tree, number)
    return Truth(_RULE_OF[item], "write-off")


def _broken(folder: Path, number: str, chance: random.Random) -> Truth:
    """A file or a case.json that is no longer whole."""
    keep(folder, scanned(cases.archive()), number)
    whole = (folder / "case.json").read_bytes()
    file, data, rule = chance.choice(
        [
            (SCAN, scan()[:3000], "FILE-DAMAGED"),
            (SCAN, b"", "FILE-EMPTY"),
            (SCAN, b"MZ nothing that is bound", "FILE-TYPE"),
            (SCAN, None, "FILE-MISSING"),
            ("case.json", whole[:-20], "JSON-SYNTAX"),
            ("case.json", whole.decode().encode("gb18030"), "JSON-ENCODING"),
            ("case.json", b"[" * 100_000, "JSON-SYNTAX"),
            ("case.json", b'{"decision": "accepted", "decision": "pending"}', "JSON-DUPLICATE-KEY"),
            ("case.json", b'{"decisions": "accepted"}', "JSON-KEY"),
            ("case.json", b"[]", "JSON-SCHEMA"),
        ]
    )
    (folder / file).unlink()
    if data is not None:
        (folder / file).write_bytes(data)
    return Truth(rule)


def _hostile(folder: Path, number: str, chance: random.Random) -> Truth:
    """Values and files that somebody made on purpose."""
    tree = scanned(cases.archive())
    return chance.choice([_formula, _outside, _pipe, _unprintable, _link])(folder, tree, number)


def _formula(folder: Path, tree: dict[str, Any], number: str) -> Truth:
    """Words that a spreadsheet would take for a command, and numbers that no report may show."""
    tree["petitioners"][0]["name"] = '=HYPERLINK("http://x.invalid";"点此")'
    tree["registration"]["brief"] = "@SUM(A1)来电13812345678、身份证110101199003070018反映的问题"
    keep(folder, tree, number)
    return Truth(None)


def _outside(folder: Path, tree: dict[str, Any], number: str) -> Truth:
    tree["materials"][0]["file"] = "../../etc/passwd"
    keep(folder, tree, number)
    return Truth("FILE-OUTSIDE")


def _pipe(folder: Path, tree: dict[str, Any], number: str) -> Truth:
    tree["materials"][0] |= {"file": "管道.pdf", "pages": None}
    keep(folder, tree, number)
    os.mkfifo(folder / "管道.pdf")
    return Truth("FILE-TYPE")


def _unprintable(folder: Path, tree: dict[str, Any], number: str) -> Truth:
    tree["petitioners"][0]["name"] = "甲\u202e某\u0000某\ue000"
    tree["people"]["handler"]["name"] = "李\ud800"
    keep_escaped(folder, tree, number)
    return Truth("DATA-CHARACTER")


def keep_escaped(folder: Path, tree: dict[str, Any], number: str) -> None:
    """The same with case.json in ASCII, which may name characters that UTF-8 cannot hold."""
    fine = {**tree, "petitioners": [], "people": {}}
    keep(folder, fine, number)
    (folder / "case.json").write_text(json.dumps(tree), encoding="ascii")


def _link(folder: Path, tree: dict[str, Any], number: str) -> Truth:
    keep(folder, tree, number)
    (folder / SCAN).unlink()
    (folder / SCAN).symlink_to("/etc/hostname")
    return Truth("FILE-OUTSIDE")


_Maker = Callable[[Path, str, random.Random], Truth]
_SHARES: tuple[tuple[_Maker, str, int], ...] = (
    (_complete, "完整", 5),
    (_incomplete, "缺件", 2),
    (_broken, "损坏", 2),
    (_hostile, "恶意", 1),
)


def make_cases(root: Path, count: int, seed: int) -> dict[str, Truth]:
    """So many cases below a folder, by place; five of ten complete, two lacking, two broken, one hostile."""
    chance = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    makers = [share for share in _SHARES for _ in range(share[2])]
    truths = {}
    for number in range(count):
        make, word, _ = makers[number % len(makers)]
        place = f"{word}/第{number:03}件"
        truths[place] = make(root / place, f"测信执2021-{number:04}", chance)
    return truths
