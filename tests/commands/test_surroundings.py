"""What a command finds around it: the umask, the folder in which it is started, names that are no UTF-8."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.case_files import read_tree
from tests.support.case_folders import write_complete_cases
from tests.support.paths import SAMPLES, WITH_SIGINT

NO_UTF8 = "扫描件".encode("gbk")
"""A name as an archive made on Chinese Windows leaves it."""


def run_in_shell(script: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command after a line of shell."""
    command = ["sh", "-c", f'{script} && exec "$@"', "sh", sys.executable, "-m", "bundler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, cwd=cwd)


@pytest.mark.parametrize(("umask", "file_mode", "folder_mode"), [("077", 0o600, 0o700), ("002", 0o664, 0o775)])
def test_what_is_written_has_the_permissions_that_the_umask_leaves(
    tmp_path: Path, umask: str, file_mode: int, folder_mode: int
) -> None:
    """New cases, taken-in scans, bundles, papers and reports: the umask decides who may read them."""
    case, out = tmp_path / "案件" / "新案", tmp_path / "结果"
    out.mkdir(mode=0o755)
    setting, sample = f"umask {umask}", SAMPLES / "declined"
    write_complete_cases(tmp_path / "完整", "测1")
    before = set(tmp_path.rglob("*"))
    scan = SAMPLES / "write-off-complete" / "materials" / "交办通知和转交单.pdf"
    for arguments in (
        ("new", case),
        ("add", case, scan, "--item", "leader_instruction"),
        ("build", sample, "-o", out / "卷宗.pdf"),
        ("render", sample, "--doc", "explanation_notice", "-o", out / "告知书.docx"),
        ("batch", tmp_path / "完整", "-o", tmp_path / "批"),
    ):
        done = run_in_shell(setting, *arguments)
        assert done.returncode == 0, done.stderr

    made = [path for path in set(tmp_path.rglob("*")) - before if ".bundler" not in path.relative_to(tmp_path).parts]
    assert {"case.json", "卷宗.pdf", "告知书.docx", "report.json", "report.pdf", "bag-info.txt"} <= {
        path.name for path in made
    }
    wrong = {
        path: oct(path.stat().st_mode & 0o777)
        for path in made
        if path.stat().st_mode & 0o777 != file_mode and path.is_file()
    }
    assert wrong == {}
    wrong = {
        path: oct(path.stat().st_mode & 0o777)
        for path in made
        if path.stat().st_mode & 0o777 != folder_mode and path.is_dir()
    }
    assert wrong == {}


@pytest.mark.parametrize("command", [("check", "case"), ("build", SAMPLES / "write-off-complete"), ("batch", "x")])
def test_a_working_directory_that_is_gone_is_told_as_that(tmp_path: Path, command: tuple[str | Path, ...]) -> None:
    """Not as a damaged file."""
    gone = tmp_path / "gone"
    gone.mkdir()
    done = run_in_shell(f"rmdir '{gone}'", *command, cwd=gone)

    assert done.returncode == 2
    assert "当前所在的文件夹已经被删除" in done.stderr
    assert "FILE-DAMAGED" not in done.stdout + done.stderr


def test_a_scan_whose_name_is_no_utf8_is_taken_in_under_its_chinese_name(tmp_path: Path) -> None:
    """From the case folder itself, where case.json could not name it, and from elsewhere."""
    case = tmp_path / "案"
    assert run_in_shell("true", "new", case).returncode == 0
    scan = SAMPLES / "write-off-complete" / "materials" / "交办通知和转交单.pdf"
    inside = os.fsdecode(os.fsencode(case) + b"/" + NO_UTF8 + b".pdf")
    shutil.copy(scan, inside)
    done = run_in_shell("true", "add", case, inside, "--item", "leader_instruction")

    assert done.returncode == 0, done.stderr
    assert [one["file"] for one in read_tree(case)["materials"]] == ["materials/扫描件.pdf"]
    assert Path(inside).read_bytes() == (case / "materials" / "扫描件.pdf").read_bytes()


@pytest.mark.parametrize("moment", ["load", "end"])
def test_an_interrupt_while_the_program_loads_or_ends_leaves_no_traceback(moment: str) -> None:
    """Status 130 while it loads; when it ends, the status of what was done."""
    interrupt = {
        "load": "sys.meta_path.insert(0, type('Finder', (), {'find_spec': lambda self, name, *_: kill() if name == 'click' else None})())",
        "end": "atexit.register(kill)",
    }[moment]
    program = f"""
import atexit, os, signal, sys
def kill(): os.kill(os.getpid(), signal.SIGINT)
{interrupt}
sys.argv = ["bundler", "--version"]
from bundler.__main__ import main
main()
"""
    done = subprocess.run([*WITH_SIGINT, sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stderr) == {"load": (130, "已中断，没有留下半成品。\n"), "end": (0, "")}[moment]
