"""Reading at the desk: behind everything else, started and stopped, kept over a restart, and not offered without the engine."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bundler.desk.case_registry import CaseRegistry
from bundler.desk.reading import background_reading
from bundler.desk.reading.background_reading import BackgroundReading, ReadingState
from bundler.desk.reading.request_activity import ActivityMiddleware, RequestActivity
from bundler.digest import sha256_of_file
from bundler.errors import UsageError
from bundler.scan_reading.case_readings import FOLDER, parse_record, record_name
from bundler.scan_reading.record import ReadPage
from bundler.text_recognition.page_worker import PageTask
from tests.support.desk_client import app_of, desk, visible_text
from tests.support.paths import SAMPLES, copy_sample
from tests.support.scan_readings import read_page

_LIMIT = 120


class FakeEngine:
    """Reads any page at once, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.tasks: list[tuple[str, int]] = []

    def __call__(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage:
        """Read a page."""
        del known
        self.tasks.append((task.file, task.number))
        return read_page(task.number, ["送达回证"])


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is met."""
    end = time.monotonic() + _LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def reading_over(root: Path, engine: FakeEngine, has_open_request: Callable[[], bool]) -> Iterator[BackgroundReading]:
    """A reading of a folder's cases, ended afterwards."""
    reading = BackgroundReading(root, CaseRegistry(root, root / "out"), has_open_request, engine)
    try:
        yield reading
    finally:
        reading.close()


def is_at_rest(state: ReadingState) -> bool:
    """Whether everything was read."""
    return state.is_on and not state.case and 0 < state.total == state.done


def test_everything_is_read_once_and_what_comes_later_is_read_too(tmp_path: Path) -> None:
    """A record a file; started again it reads nothing anew; a scan in a case that somebody looks at is read at once."""
    folder = copy_sample("incomplete", tmp_path / "cases" / "案")
    root, engine = folder.parent, FakeEngine()
    with reading_over(root, engine, lambda: False) as reading:
        reading.start("书记员")
        wait_until(lambda: is_at_rest(reading.state()))
        first = list(engine.tasks)
        assert first
        assert len(first) == len(set(first)) == reading.state().pages
        records = [parse_record(path.read_bytes()) for path in (folder / FOLDER).iterdir()]
        assert sum(len(one.pages) for one in records) == len(first)
        shutil.copyfile(
            SAMPLES / "archive-complete" / "materials" / "受理告知书送达回证.jpg", folder / "materials" / "扫描0001.jpg"
        )
        (ref,) = CaseRegistry(root, root / "out").scan()
        reading.prefer(ref)
        wait_until(lambda: ("materials/扫描0001.jpg", 1) in engine.tasks and is_at_rest(reading.state()))
        reading.stop()
        assert not reading.state().is_on
    with reading_over(root, engine, lambda: False) as reading:
        reading.resume()
        assert not reading.state().is_on, "it was stopped"
        reading.start("书记员")
        wait_until(lambda: is_at_rest(reading.state()))
    assert len(engine.tasks) == len(first) + 1
    with reading_over(root, engine, lambda: False) as reading:
        reading.resume()
        assert (reading.state().is_on, reading.state().actor) == (True, "书记员")


def test_a_scan_that_is_overwritten_in_place_is_read_again(tmp_path: Path) -> None:
    """Its folder has not changed; a record that somebody removed is written again too."""
    folder = copy_sample("incomplete", tmp_path / "cases" / "案")
    first, second = (
        SAMPLES / "archive-complete" / "materials" / name
        for name in ("受理告知书送达回证.jpg", "答复意见书邮寄凭证.jpg")
    )
    scan = folder / "materials" / "扫描一.jpg"
    shutil.copyfile(first, scan)
    engine = FakeEngine()
    with reading_over(folder.parent, engine, lambda: False) as reading:
        reading.start("")
        wait_until(lambda: is_at_rest(reading.state()))
        count = len(engine.tasks)
        (ref,) = CaseRegistry(folder.parent, folder.parent / "out").scan()
        with scan.open("r+b") as file:
            file.write(second.read_bytes())
            file.truncate()
        for more in (1, 2):
            reading.prefer(ref)
            wait_until(lambda: len(engine.tasks) >= count + more and is_at_rest(reading.state()))  # noqa: B023 (called at once)
            (folder / record_name(sha256_of_file(scan))).unlink()
        assert engine.tasks[count:] == [("materials/扫描一.jpg", 1)] * 2


def test_nothing_is_read_while_a_request_is_answered(tmp_path: Path) -> None:
    """The state says so; the first page is read after the desk has become quiet."""
    folder = copy_sample("incomplete", tmp_path / "cases" / "案")
    engine, asked = FakeEngine(), []

    def has_open_request() -> bool:
        asked.append(len(engine.tasks))
        return len(asked) <= 3

    with reading_over(folder.parent, engine, has_open_request) as reading:
        reading.start("")
        wait_until(lambda: len(asked) >= 2)
        wait_until(lambda: is_at_rest(reading.state()))
    assert asked[:4] == [0, 0, 0, 0]
    assert engine.tasks


@pytest.mark.parametrize(("path", "counted"), [("/cases/x", [True]), ("/live/now", [False])])
def test_a_request_counts_while_it_is_answered(path: str, counted: list[bool]) -> None:
    """What pages ask for by themselves does not."""
    activity, seen = RequestActivity(), []

    async def app(*_: object) -> None:
        seen.append(activity.has_open_request)

    middleware = ActivityMiddleware(app, activity, ("/live",))
    asyncio.run(middleware({"type": "http", "path": path}, None, None))  # type: ignore[arg-type]
    assert seen == counted


def test_without_the_engine_the_desk_says_so_and_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Chinese, with what an administrator does; a start by another way is refused."""

    def missing() -> None:
        raise UsageError("没有安装识读扫描件所需的程序库。", fix="请运行：pip install 'petition-bundler[read]'。")

    monkeypatch.setattr(background_reading, "find_models", missing)
    copy_sample("incomplete", tmp_path / "案件" / "案")
    with desk(tmp_path / "案件") as client:
        text = client.get("/reading").text
        assert "这台机器不能识读：没有安装识读扫描件所需的程序库" in visible_text(text)
        assert "petition-bundler[read]" in text
        assert "/reading/start" not in text
        answer = client.post("/reading/start")
        assert answer.status_code == 400
        assert "没有安装" in answer.text


def test_the_page_starts_and_stops_the_reading_and_shows_its_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are in the audit log."""
    copy_sample("incomplete", tmp_path / "案件" / "案")
    with desk(tmp_path / "案件") as client:
        services = app_of(client).state.services
        engine = FakeEngine()
        monkeypatch.setattr(services.reading, "_given_reader", engine)
        assert "没有在识读" in visible_text(client.get("/reading").text)
        client.post("/reading/start")
        wait_until(lambda: is_at_rest(services.reading.state()))
        assert "都读过了" in visible_text(client.get("/reading/state").text)
        assert f"读了 {len(engine.tasks)} 页" in visible_text(client.get("/reading/state").text)
        assert "没有在识读" in visible_text(client.post("/reading/stop").text)
        log = (tmp_path / "案件" / ".desk" / "audit.jsonl").read_text(encoding="utf-8")
        assert '"read"' in log
        assert '"read-stop"' in log
