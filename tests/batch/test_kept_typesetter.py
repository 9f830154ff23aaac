"""The process that typesets for one case of a batch after another: the same bytes, and nothing of a case that failed."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bundler.api.check import check
from bundler.bundle import kept_typesetter
from bundler.bundle.build import TYPESETTER_LIMITS, BuildRequest, BuildWorkers, build_bundle
from bundler.bundle.kept_typesetter import workers_with_kept_typesetter
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.documents.definitions import find_templates_folder
from bundler.errors import CaseError, TemplateError
from bundler.sandbox import run_sandboxed
from tests.support.bundles import TODAY, write_sample_bundle
from tests.support.forks import run_at_once
from tests.support.hostile.run_all import DAY, make_case
from tests.support.paths import SAMPLES
from tests.support.word_files import paragraph, word_file

SAMPLE, OTHER = "declined", "archive-complete"
Disturb = Callable[[BuildWorkers], object]


def _check(name: str) -> CheckedCase:
    return check(SAMPLES / name, today=date.fromisoformat(TODAY))


def _build(checked: CheckedCase, target: Path, *, templates: Path | None = None, disturb: Disturb | None = None) -> int:
    """Build a bundle as a batch does, and return the number of the process that typeset it.

    Args:
        checked: the case.
        target: the file to write.
        templates: the templates' folder; None for the project's own.
        disturb: called when all papers were sent to be typeset.
    """
    request = BuildRequest(templates or find_templates_folder(None), target, divided=False)
    with workers_with_kept_typesetter(checked) as workers:
        assert workers is not None
        process_id = workers.typesetter.run(os.getpid)

        def report(step: str | int) -> None:
            if disturb is not None and step == "排版":
                disturb(workers)

        build_bundle(checked, request, report, workers)
    return process_id


def test_one_process_typesets_case_after_case_with_the_same_bytes(tmp_path: Path) -> None:
    """Whatever it typeset before, a bundle is the one that `build` writes."""
    assert run_at_once(_build_three, [(tmp_path,)]) == [0]
    for name in (SAMPLE, OTHER):
        expected = write_sample_bundle(name, tmp_path / f"{name}.pdf").read_bytes()
        assert {path.read_bytes() for path in tmp_path.glob(f"*-{name}.pdf")} == {expected}


def _build_three(folder: Path) -> None:
    process_ids = {
        _build(_check(name), folder / f"{number}-{name}.pdf") for number, name in enumerate((SAMPLE, OTHER, SAMPLE))
    }
    assert len(process_ids) == 1
    with workers_with_kept_typesetter(_check(SAMPLE)) as workers:
        assert workers is not None
        assert workers.typesetter.run(_count_left_boxes) == 0


def _count_left_boxes() -> int:
    """How many boxes of earlier bundles are in memory, which would fill with them."""
    from weasyprint.formatting_structure.boxes import Box

    return sum(isinstance(thing, Box) for thing in gc.get_objects())


def _kill_binder(workers: BuildWorkers) -> None:
    workers.binder.kill()


def _kill_typesetter(workers: BuildWorkers) -> None:
    workers.typesetter.kill()


def _interrupt(_: BuildWorkers) -> None:
    raise KeyboardInterrupt


def _exhaust_processor_time(workers: BuildWorkers) -> None:
    process = workers.typesetter._process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGXCPU)


@pytest.mark.parametrize(
    ("disturb", "error", "code"),
    [
        (_kill_binder, CaseError, "FILE-TOO-LARGE"),
        (_kill_typesetter, CaseError, "FILE-TOO-LARGE"),
        (_exhaust_processor_time, CaseError, "FILE-TOO-LARGE"),
        (_interrupt, KeyboardInterrupt, None),
    ],
)
def test_after_a_case_that_ended_badly_another_process_typesets(
    tmp_path: Path, disturb: Disturb, error: type[BaseException], code: str | None
) -> None:
    """What the case had sent is not typeset into the next one, and its pages are not written there."""
    assert run_at_once(_build_disturbed, [(tmp_path, disturb, error, code)]) == [0]
    expected = write_sample_bundle(SAMPLE, tmp_path / "expected.pdf").read_bytes()
    assert (tmp_path / "after.pdf").read_bytes() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after.pdf", "before.pdf", "expected.pdf"]


def _build_disturbed(folder: Path, disturb: Disturb, error: type[BaseException], code: str | None) -> None:
    before = _build(_check(SAMPLE), folder / "before.pdf")
    with pytest.raises(error) as caught:
        _build(_check(OTHER), folder / "no.pdf", disturb=disturb)
    assert getattr(caught.value, "code", None) == code
    assert not Path("/proc", str(before)).exists()
    assert _build(_check(SAMPLE), folder / "after.pdf") != before


def test_after_an_error_of_a_template_another_process_typesets(tmp_path: Path) -> None:
    """Some papers of the case were typeset before its template failed."""
    assert run_at_once(_build_with_broken_template, [(tmp_path,)]) == [0]
    expected = write_sample_bundle(SAMPLE, tmp_path / "expected.pdf").read_bytes()
    assert (tmp_path / "after.pdf").read_bytes() == expected


def _build_with_broken_template(folder: Path) -> None:
    templates = Path(shutil.copytree(find_templates_folder(None), folder / "templates"))
    (templates / "reply_opinion.docx").write_bytes(word_file(paragraph("{{ case.nothing_of_the_kind }}")))
    with pytest.raises(TemplateError):
        _build(_check(OTHER), folder / "no.pdf", templates=templates)
    _build(_check(SAMPLE), folder / "after.pdf")


def test_a_process_that_died_between_two_cases_is_replaced(tmp_path: Path) -> None:
    """As the kernel may kill it where memory is short."""
    assert run_at_once(_build_after_death, [(tmp_path,)]) == [0]


def _build_after_death(folder: Path) -> None:
    before = _build(_check(SAMPLE), folder / "before.pdf")
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert _build(_check(SAMPLE), folder / "after.pdf") != before
    assert (folder / "before.pdf").read_bytes() == (folder / "after.pdf").read_bytes()


def test_a_case_with_a_word_file_has_a_process_of_its_own(tmp_path: Path) -> None:
    """It comes from outside, and is typeset; nothing of it may be left for the next case."""
    with_word, without = tmp_path / "with", tmp_path / "without"
    make_case(with_word, {"说明.docx": word_file(paragraph("说明"))})
    make_case(without, {})
    assert run_at_once(_require_own_process, [(with_word, True), (without, False)]) == [0, 0]


def _require_own_process(folder: Path, has_its_own: bool) -> None:  # noqa: FBT001 (arguments go by place)
    checked = check(folder, today=date.fromisoformat(DAY))
    assert checked.complete
    with workers_with_kept_typesetter(checked) as workers:
        assert (workers is None) is has_its_own


def test_where_no_process_can_stay_the_case_has_its_own(tmp_path: Path) -> None:
    """As where memory is short at that moment: the case is bundled all the same."""
    assert run_at_once(_build_without_lasting_process, [(tmp_path,)]) == [0]


def _build_without_lasting_process(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("bundler.bundle.kept_typesetter.import_lasting_typesetter", _run_out_of_memory)
        with workers_with_kept_typesetter(_check(SAMPLE)) as workers:
            assert workers is None
    _build(_check(SAMPLE), folder / "after.pdf")


def _run_out_of_memory() -> None:
    raise MemoryError


def test_the_process_that_stays_has_limits_and_is_out_of_reach_of_others(tmp_path: Path) -> None:
    """A process in which a file is opened later neither has its pipe nor goes without limits because of it."""
    assert run_at_once(_inspect_lasting_process, [(tmp_path,)]) == [0]


def _inspect_lasting_process(folder: Path) -> None:
    _build(_check(SAMPLE), folder / "before.pdf")
    assert run_sandboxed(_count_reachable) == 0
    with workers_with_kept_typesetter(_check(SAMPLE)) as workers:
        assert workers is not None
        memory, written, processor = workers.typesetter.run(_limits)
    used = 2 * TYPESETTER_LIMITS.memory  # at most: what the process had before, besides
    assert TYPESETTER_LIMITS.memory < memory < used
    assert written == TYPESETTER_LIMITS.file_bytes
    assert 0 < processor < 2 * TYPESETTER_LIMITS.seconds


def _count_reachable() -> int:
    """How many processes that stay this one could give work to."""
    return len(kept_typesetter._kept)


def _limits() -> tuple[int, int, int]:
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)
    memory, written, processor = (resource.getrlimit(kind)[0] for kind in kinds)
    return memory, written, processor
