"""Case folders by the hundred, made of the samples: complete ones, lacking ones, declined ones, some just begun."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler.file_record import JPEG, PDF
from tests.support.paths import SAMPLES

_SHARES = (
    ("archive-complete", 7),
    ("incomplete", 5),
    ("in-progress", 4),
    ("declined", 2),
    ("write-off-complete", 2),
)
"""Of twenty cases so many are made of each sample."""
_FAMILIES, _HANDLERS = "甲乙丙丁戊己庚辛", "赵钱孙周吴"
_LEDGERS = ("supervised", "special", "backlog")
_BLANK = ("summary", "proposed_opinion", "source")
"""Of these one is left out of a lacking case, for a clerk to fill in."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A case that was made: its folder, and its number (登记号)."""

    folder: Path
    number: str


def plant(root: Path, count: int, seed: int) -> list[Planted]:
    """So many case folders, the same ones for the same seed; where there are but a few, the first are complete."""
    chance = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    samples = [name for name, share in _SHARES for _ in range(share)]
    # Any twenty that follow each other are mixed, and the first is complete.
    order = [samples[place * 7 % len(samples)] for place in range(len(samples))]
    return [_planted(root, at, order[at % len(order)], chance) for at in range(count)]


def _planted(root: Path, at: int, sample: str, chance: random.Random) -> Planted:
    number = f"测信执2021-{at:04}"
    folder = root / f"{at % 20:02}" / f"第{at:04}件"
    shutil.copytree(SAMPLES / sample, folder)
    tree: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["registration"]["no"] = number
    tree["petitioners"][0]["name"] = f"{chance.choice(_FAMILIES)}某某"
    tree["people"]["handler"]["name"] = f"{chance.choice(_HANDLERS)}某某"
    tree["ledgers"] = chance.sample(_LEDGERS, chance.randrange(3)) or list(_LEDGERS[:1])
    if not sample.endswith("complete"):
        tree["registration"].pop(chance.choice(_BLANK), None)
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")
    for scan in sorted((folder / "materials").rglob("*.jpg")):
        scan.write_bytes(told_apart(scan.read_bytes(), JPEG, number))
    return Planted(folder, number)


def told_apart(scan: bytes, media_type: str, word: str) -> bytes:
    """The same picture or PDF with a remark in it, so that its digest is another."""
    if media_type == PDF:
        return scan + f"%{word}\n".encode()
    remark = word.encode()
    return scan[:2] + b"\xff\xfe" + (len(remark) + 2).to_bytes(2) + remark + scan[2:]
