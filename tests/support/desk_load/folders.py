"""Create many case folders from the samples: complete, incomplete, declined and new cases."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw

from bundler.file_inspection_record import JPEG, PDF
from tests.support.paths import SAMPLES

_SHARES = (
    ("archive-complete", 7),
    ("incomplete", 5),
    ("in-progress", 4),
    ("declined", 2),
    ("write-off-complete", 2),
)
"""The number of cases from each sample, of twenty."""
_SURNAMES, _HANDLERS = "甲乙丙丁戊己庚辛", "赵钱孙周吴"
_LEDGERS = ("supervised", "special", "backlog")
_OPTIONAL_KEYS = ("summary", "proposed_opinion", "source")
"""An incomplete case lacks one of these keys, for a clerk to fill in."""


@dataclass(frozen=True, slots=True)
class CreatedCase:
    """A created case: its folder, and its registration number (登记号)."""

    folder: Path
    number: str


def create_case_folders(root: Path, count: int, seed: int) -> list[CreatedCase]:
    """Create case folders, the same for the same seed; the first one is complete."""
    rng = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    samples = [name for name, share in _SHARES for _ in range(share)]
    # Consecutive cases come from different samples, and the first is complete.
    order = [samples[place * 7 % len(samples)] for place in range(len(samples))]
    return [_create_case(root, at, order[at % len(order)], rng) for at in range(count)]


def _create_case(root: Path, at: int, sample: str, rng: random.Random) -> CreatedCase:
    number = f"测信执2021-{at:04}"
    folder = root / f"{at % 20:02}" / f"第{at:04}件"
    shutil.copytree(SAMPLES / sample, folder)
    tree: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["registration"]["no"] = number
    tree["petitioners"][0]["name"] = f"{rng.choice(_SURNAMES)}某某"
    tree["people"]["handler"]["name"] = f"{rng.choice(_HANDLERS)}某某"
    tree["ledgers"] = rng.sample(_LEDGERS, rng.randrange(3)) or list(_LEDGERS[:1])
    if not sample.endswith("complete"):
        tree["registration"].pop(rng.choice(_OPTIONAL_KEYS), None)
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")
    for scan in sorted((folder / "materials").rglob("*.jpg")):
        scan.write_bytes(make_distinct(scan.read_bytes(), JPEG, number))
    return CreatedCase(folder, number)


def make_distinct(scan: bytes, media_type: str, text: str) -> bytes:
    """Return a JPEG or PDF file with a row of marks on its first page, so that neither its bytes nor its look is another's."""
    bits = format(int(hashlib.sha256(text.encode()).hexdigest()[:10], 16), "040b")
    places = [place for place, bit in enumerate(bits) if bit == "1"]
    target = io.BytesIO()
    if media_type == PDF:
        with pikepdf.open(io.BytesIO(scan)) as pdf:
            marks = " ".join(f"{40 + place * 12} 30 8 8 re" for place in places)
            pdf.pages[0].contents_add(f"q 0 g {marks} f Q".encode())
            pdf.save(target)
        return target.getvalue()
    with Image.open(io.BytesIO(scan)) as image:
        unit = image.width // 50
        pen = ImageDraw.Draw(image)
        for place in places:
            left, top = unit * (place + 5), image.height - 3 * unit
            pen.rectangle((left, top, left + unit // 2, top + unit // 2), fill=0)
        image.save(target, "JPEG", quality=90, dpi=image.info.get("dpi", (300, 300)))
    return target.getvalue()
