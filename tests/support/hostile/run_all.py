"""Run the real commands on every hostile file, and make a table of the outcomes."""

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
from tests.support.bundles import read_manifest_tree, run_here
from tests.support.hostile import Hostile, pdfs, pictures, word_files

FILES: tuple[Hostile, ...] = (*pdfs.FILES, *pictures.FILES, *word_files.FILES, *word_files.OTHERS)
DAY = "2021-12-01"
_ABOUT_FILES = ("FILE-", "SCAN-", "DOCX-", "FONT-")
_KINDS = {"pdf": "PDF", "pic": "图片", "word": "Word", "type": "其他"}
MARKS = ("<!-- hostile files: begin -->", "<!-- hostile files: end -->")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a file: the rules that were reported, and how many of its pages were bound."""

    rules: tuple[str, ...]
    pages: int = 0

    def is_right(self, expected: frozenset[str]) -> bool:
        """Whether an expected rule was reported, or the file was bound and may be."""
        return bool(expected & set(self.rules)) or ("bind" in expected and self.pages > 0)


def run_bundler(*arguments: str | Path, timeout: int = 500) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "bundler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=timeout, env=dict(os.environ))


def make_case(folder: Path, files: Mapping[str, bytes], number: int = 1) -> Path:
    """Make a complete declined case with these files as other materials, and with a registration number of the year."""
    folder.mkdir(exist_ok=True)
    tree = cases.declined(1)
    tree["registration"]["no"] = f"钢信执2021-{number:04}"
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        tree["materials"].append({"items": ["other"], "file": name, "title": name})
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return folder


def run_all(folder: Path) -> dict[str, Outcome]:
    """Check each file in a case of its own, then bind all that are accepted: those that look alike in different cases."""
    contents = {file.name: file.make() for file in FILES}
    folders = [make_case(folder / f"{number:03}", {name: data}) for number, (name, data) in enumerate(contents.items())]
    results = dict(zip(contents, _check_cases(folders), strict=True))
    accepted = {name: contents[name] for name, tree in results.items() if tree["complete"]}
    to_bind = folder / "accepted"
    to_bind.mkdir()
    number = 0
    while accepted:
        number += 1
        case = to_bind / str(number)
        alike = find_duplicates(make_case(case, accepted))
        for name in alike:
            (case / name).unlink()
        make_case(case, {name: data for name, data in accepted.items() if name not in alike}, number)
        accepted = {name: accepted[name] for name in alike}
    bound = _count_bound_pages(to_bind, folder / "out")
    return {name: Outcome(_file_rules(tree["findings"]), bound.get(name, 0)) for name, tree in results.items()}


def _check_cases(folders: Sequence[Path]) -> list[dict[str, Any]]:
    done = run_bundler("check", "--json", "--today", DAY, *folders)
    assert done.returncode == 1, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    trees: list[dict[str, Any]] = json.loads(done.stdout)
    return trees


def find_duplicates(case: Path) -> list[str]:
    """The files that show the same as an earlier file of the case, by the command in this process."""
    done = run_here("check", "--json", "--today", DAY, case)
    findings = json.loads(done.stdout)["findings"]
    materials = json.loads((case / "case.json").read_text(encoding="utf-8"))["materials"]
    places = [found["path"].split("/")[2] for found in findings if found["rule"] == "FILE-DUPLICATE"]
    return [materials[int(place)]["file"] for place in dict.fromkeys(places)]


def _count_bound_pages(folder: Path, out: Path) -> dict[str, int]:
    """Bundle the cases of a folder, and return the number of bound pages of each file."""
    done = run_bundler("batch", "--today", DAY, folder, "-o", out)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    pages: dict[str, int] = {}
    for bundle in sorted((out / "bundles").iterdir()):
        sources = read_manifest_tree(bundle)["sources"]
        pages |= {source["file"]: source["last_page"] - source["first_page"] + 1 for source in sources}
    return pages


def _file_rules(findings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f["rule"] for f in findings if f["rule"].startswith(_ABOUT_FILES)))


def markdown_table(outcomes: Mapping[str, Outcome]) -> str:
    """Return the table for docs/archive.md."""
    rows = ["| 类别 | 文件 | 异常之处 | 结果 |", "|---|---|---|---|"]
    for file in FILES:
        kind, _, name = file.name.partition("/")
        outcome = outcomes[file.name]
        rules = "、".join(f"`{rule}`" for rule in outcome.rules)
        bound = f"装订 {outcome.pages} 页" + (f"，提醒 {rules}" if rules else "")
        rows.append(f"| {_KINDS[kind]} | {name} | {file.odd} | {bound if outcome.pages else f'不收：{rules}'} |")
    return "\n".join(rows)
