"""Property: whatever happens to a case folder in whatever order, the case is whole, nothing is lost, and check tells the truth.

The suite runs a fixed series. ``make fuzz`` sets LIFE_EXAMPLES and LIFE_STEPS, and runs that many lives with so many
steps, new ones each time.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PIL import Image, ImageDraw

from bundler.bundle import build as build_room
from bundler.bundle.build import BuildRequest, build_bundle
from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.case.reader import read_case
from bundler.case_edit.change_operations import ABSENT, Change, Insert, Move, Put
from bundler.case_edit.find_undoable_steps import undo_choice
from bundler.case_edit.lock import recover_case
from bundler.case_edit.materials import MaterialRef, NewFile, add_file, remove_material, replace_file, restore_material
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.removed_materials import bin_entries
from bundler.case_edit.save import Outcome, Saved, save_changes
from bundler.case_edit.undo_history_steps import undo_step
from bundler.digest import sha256_of
from bundler.documents.definitions import find_templates_folder
from bundler.errors import CaseError
from bundler.ledger.case_change_log import read_history
from bundler.profile import load_profile
from bundler.verification.verify import verify
from tests.fuzzing.direct_worker import DirectWorker
from tests.support import cases
from tests.support.case_files import REGISTRATION_NO
from tests.support.case_folders import add_scans, scan_file, write_case
from tests.support.kills import killed_at

_EXAMPLES, _STEPS = int(os.environ.get("LIFE_EXAMPLES", "0")), int(os.environ.get("LIFE_STEPS", "12"))
_PROFILE, _TEMPLATES = load_profile(), find_templates_folder(None)
_ACTOR = "周某某"
_EDITS: tuple[Change, ...] = (
    Put("/registration/note", "查明财产"),
    Put("/registration/note", ABSENT),
    Put("/registration/source", "来信\u2028"),
    Put("/reply/replied_on", "2021-11-09"),
    Put("/reply/replied_on", ABSENT),
    Put("/reply/replied_on", "2021-02-30"),
    Put("/write_off", ABSENT),
    Put("/petitioners/0/name", "𠅤某某"),
    Put("/petitioners/0/name", "甲某某"),
    Put("/decision", "pending"),
    Put("/decision", "accepted"),
    Insert("/claims", {"statement": "甲", "demand": "公开", "facts": "乙", "outcome": "explained", "reason": "丙"}, 0),
    Put("/claims/0", ABSENT),
    Move("/materials/0", 2),
    Put("/materials/1/pages", "1-3"),
    Put("/materials/0/items", ["other"]),
)
_BAD_FILES = {"空.pdf": b"", "程序.exe": b"MZ", "坏.jpg": b"\xff\xd8\xff\xe0nothing", "坏.docx": b"PK\x03\x04word/"}


@cache
def _scan(number: int) -> bytes:
    """Draw a page that looks like no other one; page 0 is blank."""
    page = Image.new("1", (1654, 2339), 1)
    if number:
        ImageDraw.Draw(page).rectangle((300, 300, 500 + 100 * number, 400 + 150 * number), fill=0)
    target = io.BytesIO()
    page.save(target, "PNG", dpi=(200, 200))
    return target.getvalue()


def _new_file(folder: Path, name: str, data: bytes) -> NewFile:
    path = folder.parent / name
    path.write_bytes(data)
    return NewFile(path, name, sha256_of(data))


def _add(folder: Path, name: str, data: bytes, item: str) -> Outcome:
    return add_file(folder, _new_file(folder, name, data), [{"items": [item]}], actor=_ACTOR).outcome


def _edit(folder: Path, change: Change) -> Outcome:
    now = read_snapshot(folder)
    return save_changes(folder, now.version, [change], seen=now.tree, actor=_ACTOR)


def _material(folder: Path, number: int) -> MaterialRef:
    now = read_snapshot(folder)
    return MaterialRef(folder, f"/materials/{number % len(now.tree['materials'])}", now.version, now.tree, _ACTOR)


def _take_away(folder: Path, number: int) -> Outcome:
    return remove_material(_material(folder, number))


def _replace(folder: Path, number: int, name: str, data: bytes) -> Outcome:
    return replace_file(_material(folder, number), _new_file(folder, name, data)).outcome


def _restore(folder: Path, number: int) -> Outcome | None:
    binned = bin_entries(folder)
    return restore_material(folder, binned[number % len(binned)].number, actor=_ACTOR) if binned else None


def _undo(folder: Path) -> Outcome | None:
    step = undo_choice(read_history(folder).entries, _ACTOR).undo
    return None if step is None else undo_step(folder, step.numbers, actor=_ACTOR)


def _redo(folder: Path) -> Outcome | None:
    step = undo_choice(read_history(folder).entries, _ACTOR).redo
    return None if step is None else undo_step(folder, step.numbers, actor=_ACTOR)


_additions = st.one_of(
    st.tuples(st.integers(0, 4).map(lambda n: f"扫描{n}.png"), st.integers(0, 4).map(_scan)),
    st.sampled_from(sorted(_BAD_FILES.items())),
)
_items = st.sampled_from(["other", "evidence", "interview"])
_numbers = st.integers(0, 30)
_steps = st.one_of(
    st.tuples(st.just(_add), st.builds(lambda file, item: (*file, item), _additions, _items)),
    st.tuples(st.just(_edit), st.tuples(st.sampled_from(_EDITS))),
    st.tuples(st.just(_take_away), st.tuples(_numbers)),
    st.tuples(st.just(_replace), st.builds(lambda number, file: (number, *file), _numbers, _additions)),
    st.tuples(st.just(_restore), st.tuples(_numbers)),
    st.tuples(st.just(_undo), st.just(())),
    st.tuples(st.just(_redo), st.just(())),
)
Step = tuple[Callable[..., Outcome | None], tuple[Any, ...]]


@contextmanager
def _without_processes() -> Iterator[None]:
    """Check and build in this process: the promises are the same, and a thousand builds would take an hour."""
    with (
        mock.patch("bundler.materials.file_inspection.SandboxWorker", DirectWorker),
        mock.patch.object(build_room, "run_sandboxed", _run_directly),
        mock.patch("bundler.verification.inspect_bundle_file.run_sandboxed", _run_directly),
    ):
        yield


def _run_directly(work: Callable[..., Any], *arguments: object, limits: object, progress: Any = None) -> Any:  # noqa: ANN401
    del limits
    return DirectWorker().run(work, *arguments, progress=progress)


def _new_root() -> Path:
    """Make a folder with a complete case, all papers of which are pages of one scan."""
    root = Path(tempfile.mkdtemp(prefix="life-"))
    write_case(root / "案", add_scans(cases.write_off()), REGISTRATION_NO)
    return root


class CaseFolderLife(RuleBasedStateMachine):
    """A case folder, and what was ever put into it."""

    @initialize()
    def begin(self) -> None:
        """Begin with a complete case."""
        self.root = _new_root()
        self.folder, self.target = self.root / "案", self.root / "卷宗.pdf"
        self.held = {sha256_of(scan_file())}

    def _files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def _tree(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "case.json").read_bytes()))

    @rule(step=_steps)
    def act(self, step: Step) -> None:
        """Change the case; a step that is refused changes nothing."""
        work, arguments = step
        before = self._tree()
        try:
            outcome = work(self.folder, *arguments)
        except CaseError:
            outcome = None
        if not isinstance(outcome, Saved):
            assert self._tree() == before
        self.held |= {sha256_of(data) for data in arguments if isinstance(data, bytes) and isinstance(outcome, Saved)}

    @rule(step=_steps)
    def act_and_undo(self, step: Step) -> None:
        """Change the case, and take the step back at once: the case is as it was."""
        before, length = self._tree(), len(read_history(self.folder).entries)
        self.act(step)
        latest = undo_choice(read_history(self.folder).entries, _ACTOR).undo
        if latest is not None and latest.numbers == (length + 1,):  # texts saved in pieces are taken back as one
            assert isinstance(_undo(self.folder), Saved)
            assert self._tree() == before

    @rule(step=_steps, moment=st.integers(1, 30), after=st.booleans())
    def be_killed(self, step: Step, moment: int, after: bool) -> None:  # noqa: FBT001 (hypothesis gives it by name)
        """Be killed in the middle of a step; whoever works next completes or reverts it."""
        work, arguments = step
        killed_at(moment, work, self.folder, *arguments, after=after)
        recover_case(self.folder)

    @rule(indent=st.sampled_from([None, 1, 4]), note=st.sampled_from(["手写", "", "\u3164"]))
    def be_edited_by_hand(self, indent: int | None, note: str) -> None:
        """Be written by another program, which knows of no lock and no history."""
        tree = self._tree()
        tree.setdefault("registration", {})["note"] = note
        (self.folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False, indent=indent), "utf-8")

    @rule(data=st.sampled_from([b"MZ", b""]), number=_numbers)
    def lose_a_file(self, data: bytes, number: int) -> None:
        """Have a file replaced behind the tool's back; that one is lost, and the check says so."""
        listed = [
            path for path in self._files() if path.suffix in {".png", ".jpg"} and ".bundler-bin" not in path.parts
        ]
        if listed:
            path = listed[number % len(listed)]
            path.write_bytes(data)
            self.held = {sha256_of(one.read_bytes()) for one in self._files()} & self.held

    @precondition(lambda self: self._check().complete)
    @rule()
    def build_and_verify(self) -> None:
        """Build; the bundle is sound by its own digests."""
        checked = self._check()
        with _without_processes():
            build_bundle(checked, BuildRequest(_TEMPLATES, self.target), lambda _: None)
            assert [problem.code for problem in verify(self.target).problems] == []

    def _check(self) -> CheckedCase:
        with _without_processes():
            return check_case(str(self.folder), kind=None, today=cases.TODAY, profile=_PROFILE)

    @invariant()
    def the_case_is_whole(self) -> None:
        """case.json can be read, and the history is one unbroken chain."""
        assert read_case(self.folder).tree is not None
        assert read_history(self.folder).broken == ()

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every file that was put in is in the case or in its recycle bin."""
        assert self.held <= {sha256_of(path.read_bytes()) for path in self._files()}

    @invariant()
    def what_check_says_build_does(self) -> None:
        """A complete case can be built, and no other one."""
        checked = self._check()
        request = BuildRequest(_TEMPLATES, self.target, dry_run=True)
        with _without_processes():
            if checked.complete:
                assert build_bundle(checked, request, lambda _: None).volume.papers
            else:
                with pytest.raises(CaseError, match="没有成卷"):
                    build_bundle(checked, request, lambda _: None)

    def teardown(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.root, ignore_errors=True)


def test_whatever_happens_to_a_case_in_whatever_order() -> None:
    """Added, edited, taken away, undone, killed, written by hand, built, verified."""
    profile = settings(
        max_examples=_EXAMPLES or 6,
        stateful_step_count=_STEPS,
        derandomize=not _EXAMPLES,
        phases=tuple(Phase) if _EXAMPLES else (Phase.generate,),  # to make a failure smaller can take an hour
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(CaseFolderLife, settings=profile)
