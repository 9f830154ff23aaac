"""Putting every hostile file before the real commands, and writing down what happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import cases
from tests.support.hostile import Hostile, pdfs, pictures, words

FILES: tuple[Hostile, ...] = (*pdfs.FILES, *pictures.FILES, *words.FILES, *words.OTHERS)
DAY = "2021-12-01"
_ABOUT_FILES = ("FILE-", "SCAN-", "DOCX-", "FONT-")
_KINDS = {"pdf": "PDF", "pic": "图片", "word": "Word", "type": "其他"}
MARKS = ("<!-- hostile files: begin -->", "<!-- hostile files: end -->")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a file: the codes that were told of it, and how many of its pages were bound."""

    codes: tuple[str, ...]
    pages: int = 0

    def is_right(self, wanted: frozenset[str]) -> bool:
        """Whether one of the codes was told, or the file was bound where it may be."""
        return bool(wanted & set(self.codes)) or ("bind" in wanted and self.pages > 0)


def bundler(*arguments: str | Path, timeout: int = 500) -> subprocess.CompletedProcess[bytes]:
    """Run the real command."""
    command = [sys.executable, "-m", "bundler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=timeout, env=dict(os.environ))


def case_with(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A complete declined case with some files as other materials."""
    folder.mkdir()
    tree = cases.declined(1)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        tree["materials"].append({"items": ["other"], "file": name, "title": name})
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return folder


def try_all(folder: Path) -> dict[str, Outcome]:
    """Check each file in a case of its own, then build every case that is refused, and one of all that is not."""
    made = {file.name: file.make() for file in FILES}
    folders = [case_with(folder / f"{number:03}", {name: data}) for number, (name, data) in enumerate(made.items())]
    told = dict(zip(made, _check(folders), strict=True))
    fine = {name: made[name] for name, tree in told.items() if tree["complete"]}
    bound = _bind(case_with(folder / "all", fine), folder / "all.pdf")
    return {name: Outcome(_codes(tree["findings"]), bound.get(name, 0)) for name, tree in told.items()}


def _check(folders: Sequence[Path]) -> list[dict[str, Any]]:
    done = bundler("check", "--json", "--today", DAY, *folders)
    assert done.returncode == 1, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    trees: list[dict[str, Any]] = json.loads(done.stdout)
    return trees


def _bind(case: Path, target: Path) -> dict[str, int]:
    """The pages of each file that were bound."""
    done = bundler("build", "--json", "--today", DAY, case, "-o", target)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    index = json.loads(done.stdout)["index"]
    return {paper["file"]: paper["last_page"] - paper["first_page"] + 1 for paper in index if paper["file"]}


def _codes(findings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f["rule"] for f in findings if f["rule"].startswith(_ABOUT_FILES)))


def table(outcomes: Mapping[str, Outcome]) -> str:
    """The table of docs/archive.md."""
    rows = ["| 类别 | 文件 | 异常之处 | 结果 |", "|---|---|---|---|"]
    for file in FILES:
        kind, _, name = file.name.partition("/")
        outcome = outcomes[file.name]
        codes = "、".join(f"`{code}`" for code in outcome.codes)
        bound = f"装订 {outcome.pages} 页" + (f"，提醒 {codes}" if codes else "")
        rows.append(f"| {_KINDS[kind]} | {name} | {file.odd} | {bound if outcome.pages else f'不收：{codes}'} |")
    return "\n".join(rows)
