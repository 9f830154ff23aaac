"""After a kill, a full disk, a missing permission: the old or the new file is complete, and nothing is left behind."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bundler import atomic_write
from bundler.atomic_write import write_atomic
from bundler.commands import run
from bundler.errors import OutputError
from tests.support.forks import start_process
from tests.support.hostile.pictures import jpeg
from tests.support.hostile.run_all import DAY, make_case, run_bundler
from tests.support.paths import ROOT

KILLS = 12


def forked(work: Callable[..., object], *arguments: object, kill_after: float | None = None) -> float:
    """Run work in a process that has everything loaded, and kill that process after `kill_after` seconds.

    Returns:
        The seconds until the process and all processes that it started have ended.
    """
    read_end, write_end = multiprocessing.Pipe(duplex=False)
    started = time.perf_counter()
    process = start_process(_hold_open, write_end, work, arguments)
    write_end.close()
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    # The end comes when no process holds the other end: the workers die with their parent.
    with pytest.raises(EOFError):
        read_end.recv()
    read_end.close()
    process.join()
    return time.perf_counter() - started


def _hold_open(pipe: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Run work while this process, and each one forked from it, holds an end of the pipe."""
    work(*arguments)
    pipe.close()


def names(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def quiet_build(case: Path, target: Path) -> None:
    """Build, and print nothing."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    run(["build", str(case), "-o", str(target), "--today", DAY])


def small_case(folder: Path) -> Path:
    """A complete case with one scan."""
    return make_case(folder, {"扫描.jpg": jpeg()})


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """Twelve moments over its whole time; the next build removes what a kill may leave.

    `test_the_worst_moments` kills at each call that gives a file its name.
    """
    case, out = small_case(tmp_path / "case"), tmp_path / "out"
    out.mkdir()
    target = out / "卷宗.pdf"
    forked(quiet_build, case, target)
    whole = target.read_bytes()
    length = min(forked(quiet_build, case, target) for _ in range(2))
    moments = random.Random(20211201)  # noqa: S311 (no secret)

    for number in range(KILLS):
        earlier = b"earlier" if number % 2 else None
        target.unlink() if earlier is None else target.write_bytes(earlier)
        forked(quiet_build, case, target, kill_after=moments.random() * length * 1.1)
        found = target.read_bytes() if target.exists() else None
        assert found in {earlier, whole}
        assert all(name.startswith(".bundler-") for name in set(names(out)) - {target.name})
        target.touch()

    forked(quiet_build, case, target)
    assert target.read_bytes() == whole
    assert names(out) == [target.name]


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("call", ["fsync", "link", "replace"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("durable", [True, False])
def test_the_worst_moments(
    tmp_path: Path,
    there: bool,  # noqa: FBT001 (a parameter of the test …)
    call: str,
    after: bool,  # noqa: FBT001 (… and another …)
    durable: bool,  # noqa: FBT001 (… and another)
) -> None:
    """A kill just before and just after each system call that gives the file its name."""
    target = tmp_path / "out.pdf"
    if there:
        target.write_bytes(b"earlier")
    forked(_write_until_killed, target, call, after, durable)

    assert (target.read_bytes() if target.exists() else None) in {b"earlier" if there else None, b"new"}
    write_atomic(target, b"newer", durable=durable)
    assert target.read_bytes() == b"newer"
    assert names(tmp_path) == ["out.pdf"]


def _write_until_killed(target: Path, call: str, after: bool, durable: bool) -> None:  # noqa: FBT001 (arguments go by place)
    plain = getattr(os, call)

    def deadly(*arguments: object, **options: object) -> None:
        if after:
            plain(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, call, deadly)
    write_atomic(target, b"new", durable=durable)


def test_where_every_file_needs_a_name_it_is_still_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without nameless files; a running process keeps its own temporary file."""
    monkeypatch.setattr(atomic_write, "_open_tmpfile", lambda _folder: None)
    target = tmp_path / "out.pdf"
    with atomic_write.atomic_file(target) as file:
        file.write(b"slow")
        write_atomic(target, b"quick")
        assert target.read_bytes() == b"quick"
    assert target.read_bytes() == b"slow"

    with pytest.raises(OutputError), atomic_write.atomic_file(target) as file:
        raise OSError(28, "No space left on device")
    assert target.read_bytes() == b"slow"
    forked(_die_writing, target)
    assert len(names(tmp_path)) == 2
    write_atomic(target, b"next")
    assert names(tmp_path) == ["out.pdf"]


def _die_writing(target: Path) -> None:
    setattr(atomic_write, "_open_tmpfile", lambda _folder: None)  # noqa: B010 (a private name of the module)
    with atomic_write.atomic_file(target) as file:
        file.write(b"half")
        os.kill(os.getpid(), signal.SIGKILL)


def failed_build(case: Path, target: Path, *wrapper: str) -> bytes:
    """The error output of a build that cannot write: a wrapping command takes something away from it."""
    command = [*wrapper, sys.executable, "-m", "bundler", "build", str(case), "-o", str(target), "--today", DAY]
    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 5, done.stderr
    assert "写不了" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done.stderr


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """With a limit of the file size; and on a small disk, where the system lets us mount one."""
    case, target = small_case(tmp_path / "case"), tmp_path / "out" / "卷宗.pdf"
    target.parent.mkdir()
    target.write_bytes(b"earlier")
    failed_build(case, target, "prlimit", "--fsize=60000")

    assert target.read_bytes() == b"earlier"
    assert names(target.parent) == [target.name]
    if _may_mount():
        script = (
            'mount -t tmpfs -o size=200k none "$0" && printf earlier > "$1" && shift && "$@"; status=$?; '
            f'test "$(ls -A "$0")" = "{target.name}" && test "$(cat "$0"/*)" = earlier && exit $status'
        )
        wrapper = ("unshare", "--map-root-user", "--mount", "sh", "-c", script, str(target.parent), str(target))
        assert "磁盘已满" in failed_build(case, target, *wrapper).decode()


def _may_mount() -> bool:
    probe = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return (
        shutil.which("unshare") is not None and subprocess.run(probe, capture_output=True, check=False).returncode == 0
    )


def test_a_folder_that_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    """Also for root, after giving up the capability to write anywhere."""
    case, folder = small_case(tmp_path / "case"), tmp_path / "out"
    folder.mkdir()
    target = folder / "卷宗.pdf"
    target.write_bytes(b"earlier")
    folder.chmod(0o555)
    told = failed_build(case, target, "setpriv", "--bounding-set=-dac_override")
    folder.chmod(0o755)

    assert "没有权限" in told.decode()
    assert target.read_bytes() == b"earlier"
    assert names(folder) == [target.name]


INPUTS = {
    "case.json": "case/case.json",
    "a material": "case/扫描.jpg",
    "the folder": "case",
    "another spelling": "case/../case/./case.json",
    "a link to case.json": "link.json",
    "a second name of a material": "second.jpg",
    "through a linked folder": "linked/扫描.jpg",
    "the profile": "profile.toml",
    "a template": "templates/acceptance_notice.docx",
    "a new file among the templates": "templates/new.docx",
}


@pytest.mark.parametrize("output", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("command", [("build",), ("render", "--doc", "explanation_notice")], ids=["build", "render"])
def test_an_output_that_is_an_input_is_refused(tmp_path: Path, command: tuple[str, ...], output: str) -> None:
    """Whatever path names it; nothing is changed."""
    root = ROOT
    case = small_case(tmp_path / "case")
    (tmp_path / "link.json").symlink_to(case / "case.json")
    (tmp_path / "linked").symlink_to(case)
    (tmp_path / "second.jpg").hardlink_to(case / "扫描.jpg")
    shutil.copy(root / "bundler" / "profiles" / "gangcheng.toml", tmp_path / "profile.toml")
    shutil.copytree(root / "templates", tmp_path / "templates")
    before = digests(tmp_path)
    options = ["--profile", str(tmp_path / "profile.toml"), "--templates", str(tmp_path / "templates")]

    assert run([command[0], str(case), *command[1:], "-o", str(tmp_path / output), *options]) == 2
    assert digests(tmp_path) == before


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle of the small case, built by a command whose streams are open."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert run_bundler("build", small_case(folder / "case"), "-o", folder / "same.pdf").returncode == 0
    return (folder / "same.pdf").read_bytes()


@pytest.mark.parametrize("streams", ["1", "2", "1 2", "0 1 2"])
def test_closed_standard_streams_harm_nothing(tmp_path: Path, undisturbed: bytes, streams: str) -> None:
    """No file that the tool opens gets their descriptors."""
    case, target = small_case(tmp_path / "case"), tmp_path / "out.pdf"
    closing = " ".join(f"{number}>&-" for number in streams.split())
    script = f'exec "$@" {closing}'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "bundler", "build", str(case), "-o", str(target)]

    assert subprocess.run(command, check=False).returncode == 0
    assert undisturbed.startswith(b"%PDF-")
    assert target.read_bytes() == undisturbed
