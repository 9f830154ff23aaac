"""The desk and the commands on one case at the same time: the case stays consistent, and both see the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from bundler.ledger.case_change_log import HISTORY_FILE, read_history
from tests.support.desk_client import TODAY, clerk

ROUNDS = 3


def make_scan(path: Path, number: int) -> Path:
    """Make a picture of a page, different for each number."""
    page = Image.new("L", (827, 1169), 245)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.rectangle((100, 100 + 45 * line, 300 + 20 * ((line * number) % 20), 115 + 45 * line), fill=30)
    page.save(path, dpi=(100, 100))
    return path


def start_command(*arguments: str) -> subprocess.Popen[str]:
    """Start a command."""
    command = [sys.executable, "-m", "bundler", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_what_desk_and_commands_do_to_one_case_at_once_stands_there_whole(tmp_path: Path) -> None:
    """While a clerk edits a field, `add` adds scans and `build` builds bundles: no change is lost."""
    with clerk(tmp_path, "write-off-complete") as one:
        before = [entry["file"] for entry in one.tree()["materials"]]
        source, saved = one.tree()["registration"]["source"], 0
        for number in range(1, ROUNDS + 1):
            paper, bundle = make_scan(tmp_path / f"补充{number}.png", number), tmp_path / f"{number}.pdf"
            add = start_command("add", str(one.folder), str(paper), "--item", "other", "--yes")
            build = start_command("build", str(one.folder), "-o", str(bundle), "--today", TODAY.isoformat())
            while add.poll() is None or build.poll() is None:
                saved += 1
                one.fill("/registration/source", f"来信{saved}", before=source)
                source = one.tree()["registration"]["source"]
                assert source == f"来信{saved}"
            messages = add.communicate()[1], build.communicate()[1]
            assert add.returncode == 0, messages
            # When a file changes during the build, the command says so and writes nothing.
            assert bundle.exists() == (build.returncode == 0), messages
            assert "Traceback" not in "".join(messages)
        tree = one.tree()
        files = [entry["file"] for entry in tree["materials"]]
        assert (tree["registration"]["source"], saved > ROUNDS) == (f"来信{saved}", True)
        assert (files[: len(before)], len(files)) == (before, len(before) + ROUNDS)
        assert all((one.folder / file).is_file() for file in files)
        assert read_history(one.folder).broken == ()
        assert [path.name for path in one.folder.rglob(".*")] == [HISTORY_FILE]
        assert one.checked()["complete"]
        assert "材料齐全，可以成卷" in one.get("/materials").text
