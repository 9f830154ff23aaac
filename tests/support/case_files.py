"""Small case folders on disk, and what is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.intake.add_scan import Scan, scan_file
from bundler.regulation.papers import Item
from tests.support.hostile.pictures import jpeg

REGISTRATION_NO = "钢信执2021-0042"


def write_case(folder: Path, **parts: Any) -> Path:  # noqa: ANN401 (parts of a case)
    """Create a folder with a case.json of these parts and the registration number; return the folder."""
    folder.mkdir(parents=True)
    tree = {"registration": {"no": REGISTRATION_NO}, **parts}
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return folder


def read_tree(folder: Path) -> dict[str, Any]:
    """The content of a folder's case.json."""
    tree: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8-sig"))
    return tree


def write_picture(path: Path, number: int = 7) -> Path:
    """Write a JPEG that differs from those with other numbers in the byte after its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg() + bytes([number]))
    return path


def scan_for(folder: Path, path: Path, *items: Item) -> Scan:
    """A file scanned for a case, with the items that a person named."""
    scan = scan_file(path, folder, read_case(folder).case or Case(), items)
    assert not scan.refusal
    return scan
