"""No process is forked from one that has threads: those of a library, which Python does not count, among them."""

from __future__ import annotations

import _thread
import os
import resource
import subprocess
import sys
import threading
import time
from multiprocessing.util import Finalize
from pathlib import Path

import pytest

from bundler.batch.local_executor import LocalExecutor
from bundler.process_start import call_with_room, count_threads
from bundler.sandbox import SandboxWorker, run_sandboxed
from tests.support.forks import PRELOADED
from tests.support.hostile.pictures import jpeg
from tests.support.hostile.run_all import make_case, run_bundler
from tests.support.quick_sandboxes import fork_server_of_a_batch

SECONDS = 240
"""Many times what the work takes on a slow machine; a process that waits for a thread it does not have never ends."""


def test_after_typesetting_every_work_still_ends(tmp_path: Path) -> None:
    """One process typesets; then it checks, renders, builds, verifies and runs a batch, and gives the same bundle."""
    case, out = tmp_path / "cases" / "case", tmp_path / "out"
    out.mkdir()
    case.parent.mkdir()
    make_case(case, {"扫描.jpg": jpeg()})
    command = [sys.executable, "-m", "tests.support.work_after_typesetting", str(case), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)

    assert done.returncode == 0, done.stderr
    (in_batch,) = (out / "batch" / "bundles").iterdir()
    assert run_bundler("build", case, "-o", out / "other.pdf").returncode == 0
    assert {path.read_bytes() for path in (out / "one.pdf", in_batch)} == {(out / "other.pdf").read_bytes()}


def test_the_fork_server_of_a_batch_has_one_thread_and_no_font_open() -> None:
    """The server of the cases has loaded the typesetter, and has not used it."""
    with fork_server_of_a_batch():
        executor = LocalExecutor(1)
        threads, modules, mapped = executor.submit(_inspect_parent).result()
        executor.shutdown()

    assert threads == 1
    assert {"weasyprint", "pikepdf", "PIL"} <= modules
    assert PRELOADED not in modules
    assert not [line for line in mapped if line.endswith((".otf", ".ttf", ".ttc"))]


def _inspect_parent() -> tuple[int, set[str], list[str]]:
    parent = Path("/proc") / str(os.getppid())
    mapped = (parent / "maps").read_text(encoding="utf-8").splitlines()
    return len(list((parent / "task").iterdir())), set(sys.modules), mapped


@pytest.mark.usefixtures("real_sandboxes")
def test_a_process_with_a_thread_that_python_does_not_count_is_not_forked() -> None:
    """The worker starts from nothing: it does not have what this process has set before."""
    release = _thread.allocate_lock()
    release.acquire()
    counted = threading.active_count()
    threads = count_threads()
    _thread.start_new_thread(release.acquire, ())
    try:
        assert threading.active_count() == counted
        while count_threads() == threads:
            pass
        sys.modules[MARK] = sys.modules[__name__]
        with SandboxWorker() as worker:
            assert worker.run(_has_mark) is False
    finally:
        sys.modules.pop(MARK, None)
        release.release()


MARK = "mark_of_the_parent"


def _has_mark() -> bool:
    return MARK in sys.modules


def test_calls_take_no_stack_from_the_system_again_and_again() -> None:
    """At some depth Python takes a piece of stack for each call; not in work that has room, in a sandbox or a batch."""
    with LocalExecutor(1) as executor:
        in_batch = executor.submit(most_page_faults).result()

    assert call_with_room(most_page_faults) < CALLS
    assert run_sandboxed(most_page_faults) < CALLS
    assert in_batch < CALLS


CALLS, DEPTHS = 1000, 300


def most_page_faults() -> int:
    """How many pages of memory the system gives while a loop calls a function, at the depth where it gives the most."""
    return max(_page_faults_at(depth) for depth in range(DEPTHS))


def _page_faults_at(depth: int) -> int:
    if depth:
        return _page_faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in range(CALLS):
        _same(number)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _same(number: int) -> int:
    return number


_SCRIPT = """
import os, sys
from pathlib import Path
is_loaded = "bundler.commands" in sys.modules
from bundler.commands import main
with Path({log!r}).open("a", encoding="ascii") as log:
    log.write(f"{{is_loaded}}\\n")
if __name__ == "__main__":
    from bundler.batch.local_executor import LocalExecutor
    with LocalExecutor(1) as executor:
        executor.submit(os.getpid).result()
"""


def test_a_worker_does_not_run_the_program_that_started_it(tmp_path: Path) -> None:
    """Neither the command line nor, on a cluster, Dask is imported in the process of a case."""
    script, log = tmp_path / "bundler", tmp_path / "log"
    script.write_text(_SCRIPT.format(log=str(log)), encoding="utf-8")
    subprocess.run([sys.executable, script], capture_output=True, check=True, timeout=SECONDS)

    assert log.read_text(encoding="ascii").split() == ["False"]


def test_a_batch_loads_the_libraries_of_typesetting_in_its_server_only() -> None:
    """The process of the command has the results and the reports made elsewhere, so it need not wait for these."""
    script = "import sys, bundler.batch.run; print({'weasyprint', 'docxtpl', 'docx', 'openpyxl', 'jinja2', 'lxml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=SECONDS)

    assert done.stdout.strip() == "set()"


def test_a_process_that_does_not_end_after_its_result_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result counts, and the executor does not wait for long."""
    monkeypatch.setattr("bundler.batch.worker_process._EXIT_SECONDS", 0.1)
    with fork_server_of_a_batch():
        executor = LocalExecutor(1)
        lingering = executor.submit(_linger).result()
        other = executor.submit(os.getpid).result()
        assert other != lingering
        executor.shutdown()

    assert not Path("/proc", str(lingering)).exists()


def _linger() -> int:
    Finalize(None, time.sleep, args=(SECONDS,), exitpriority=1)
    return os.getpid()


def test_calls_that_wait_run_in_one_process_until_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process is paid once for many calls; one that failed, or has run many, takes no more."""
    monkeypatch.setattr("bundler.batch.local_executor._MOST_CALLS", 3)
    with LocalExecutor(1) as executor:
        executor.submit(_wait_for, tmp_path / "all are queued")
        calls = [executor.submit(_fail_or_tell_process, number) for number in range(8)]
        (tmp_path / "all are queued").touch()
        process_ids = [call.exception() or call.result() for call in calls]
        alone = executor.submit(os.getpid).result()

    assert process_ids[0] == process_ids[1] != process_ids[2]
    assert isinstance(process_ids[FAILS], ZeroDivisionError)
    after = process_ids[FAILS + 1 :]
    assert len(set(after[:3])) == 1
    assert len({process_ids[0], process_ids[2], after[0], after[3], alone}) == len("ABCDE")
    assert not [one for one in process_ids if isinstance(one, int) and Path("/proc", str(one)).exists()]


FAILS = 3


def _fail_or_tell_process(number: int) -> int:
    if number == FAILS:
        raise ZeroDivisionError
    return os.getpid()


def _wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def test_no_process_waits_for_calls_that_were_cancelled(tmp_path: Path) -> None:
    """It ends after the last call that is left, also where nobody shuts the executor down."""
    executor = LocalExecutor(1)
    executor.submit(_wait_for, tmp_path / "one is cancelled")
    process_id = executor.submit(os.getpid)
    assert executor.submit(os.getpid).cancel()
    (tmp_path / "one is cancelled").touch()

    entry, latest = Path("/proc", str(process_id.result())), time.monotonic() + SECONDS
    while entry.exists():
        assert time.monotonic() < latest
        time.sleep(0.05)
    executor.shutdown()


def test_a_result_that_cannot_be_sent_is_an_error_of_the_call() -> None:
    """And no crash of its process."""
    with LocalExecutor(1) as executor, pytest.raises(TypeError, match="pickle"):
        executor.submit(threading.Lock).result()


def test_nothing_is_imported_from_the_current_folder(tmp_path: Path) -> None:
    """A folder of received cases may hold files named like libraries; no command runs them."""
    marker, case, out = tmp_path / "ran", tmp_path / "cases" / "case", tmp_path / "out"
    case.parent.mkdir()
    make_case(case, {"扫描.jpg": jpeg()})
    for name in ("multiprocessing", "json", "weasyprint", "pikepdf", "signal"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write('{name} ')\n", encoding="utf-8")
    script = Path(sys.executable).with_name("bundler")
    out.mkdir()
    for arguments in (
        ("check", case),
        ("build", case, "-o", out / "one.pdf"),
        ("batch", case.parent, "-o", out / "all"),
    ):
        done = subprocess.run([script, *arguments], cwd=tmp_path, capture_output=True, check=False, timeout=SECONDS)
        assert done.returncode == 0, done.stderr.decode()
    # Where file names are not UTF-8, the program starts itself again.
    other_locale = {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    subprocess.run(
        [script, "--version"], cwd=tmp_path, env=other_locale, capture_output=True, check=True, timeout=SECONDS
    )
    spawning = out / "spawning.py"
    spawning.write_text(_SPAWN, encoding="utf-8")
    done = subprocess.run([sys.executable, spawning], cwd=tmp_path, check=False, timeout=SECONDS)

    assert done.returncode == 0
    assert not marker.exists()


_SPAWN = """
import threading
from bundler.sandbox import run_sandboxed
if __name__ == "__main__":
    stay = threading.Event()
    threading.Thread(target=stay.wait).start()
    try:
        assert run_sandboxed(len, "abc") == 3
    finally:
        stay.set()
"""
"""Runs work from a process with a thread, which cannot be forked: the sandbox starts a new interpreter, as at the desk."""


def test_a_temporary_folder_with_a_long_path_is_named(tmp_path: Path) -> None:
    """Its path and that of a socket in it have too many letters for the system, which gives no reason."""
    folder = tmp_path / ("长" * 40)
    folder.mkdir()
    command = [sys.executable, "-m", "bundler", "batch", str(tmp_path), "-o", str(tmp_path / "out")]
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.json").write_text("{}", encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)

    assert done.returncode == 5
    assert f"临时文件夹“{folder}”的路径太长" in done.stderr
    assert "TMPDIR" in done.stderr
