"""Whatever the history records with its values can be undone, and an undo can be undone too."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bundler.case_edit.change_operations import ABSENT, Change, Insert, Move, Put
from bundler.case_edit.find_undoable_steps import undo_choice
from bundler.case_edit.materials import MaterialRef, NewFile, add_file, remove_material, replace_file, restore_material
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.removed_materials import bin_entries
from bundler.case_edit.save import Conflict, Saved, save_changes
from bundler.case_edit.undo_history_steps import undo_step
from bundler.digest import sha256_of
from bundler.errors import CaseError
from bundler.ledger.case_change_log import read_history
from tests.support.paths import SAMPLES

ACTOR = "周某某"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with rows and materials, without the history that ``make demo`` leaves in the sample."""
    ignored = shutil.ignore_patterns(".bundler-*")
    return Path(shutil.copytree(SAMPLES / "write-off-complete", tmp_path / "案", ignore=ignored))


def tree_of(folder: Path) -> dict[str, Any]:
    """The content of case.json."""
    return dict(json.loads((folder / "case.json").read_text(encoding="utf-8")))


def visible_files(folder: Path) -> dict[str, bytes]:
    """The materials of a case by name."""
    return {path.name: path.read_bytes() for path in (folder / "materials").rglob("*") if path.is_file()}


def save(folder: Path, *changes: Change, actor: str = ACTOR) -> None:
    """Save changes against the present version."""
    now = read_snapshot(folder)
    assert isinstance(save_changes(folder, now.version, changes, seen=now.tree, actor=actor), Saved)


def undo(folder: Path, actor: str = ACTOR) -> Any:  # noqa: ANN401 (an outcome)
    """Undo the latest step of an account."""
    step = undo_choice(read_history(folder).entries, actor).undo
    assert step is not None
    return undo_step(folder, step.numbers, actor=actor)


def redo(folder: Path, actor: str = ACTOR) -> Any:  # noqa: ANN401 (an outcome)
    """Do again what the account undid last."""
    step = undo_choice(read_history(folder).entries, actor).redo
    assert step is not None
    return undo_step(folder, step.numbers, actor=actor)


@pytest.mark.parametrize(
    "change",
    [
        Put("/registration/source", "来信，转来"),
        Put("/registration/source", ABSENT),
        Put("/claims/0", ABSENT),
        Put("/relief", {"hardship": True}, ABSENT),
        Insert("/claims", {"title": "公开", "demand": "请求公开"}, 0),
        Move("/materials/4", 1),
        Put("/approval", ABSENT),
    ],
)
def test_any_change_of_the_form_is_undone_and_done_again(folder: Path, change: Change) -> None:
    """The case is as it was, down to the order of its rows; the history is longer, and its chain holds."""
    before = tree_of(folder)
    save(folder, change)
    changed = tree_of(folder)
    assert changed != before
    assert isinstance(undo(folder), Saved)
    assert tree_of(folder) == before
    assert isinstance(redo(folder), Saved)
    assert tree_of(folder) == changed
    assert isinstance(undo(folder), Saved)
    assert tree_of(folder) == before
    assert [entry.action for entry in read_history(folder).entries] == ["edit", "undo", "undo", "undo"]
    assert read_history(folder).broken == ()


def test_a_text_that_was_saved_in_pieces_is_undone_at_once(folder: Path) -> None:
    """The desk saves at each pause; for its author it is one text."""
    before = tree_of(folder)
    save(folder, Put("/registration/note", "查"))
    save(folder, Put("/registration/note", "查明"))
    save(folder, Put("/registration/note", "查明财产"))
    assert isinstance(undo(folder), Saved)
    assert tree_of(folder) == before


def test_steps_are_undone_one_after_the_other_over_what_others_write(folder: Path) -> None:
    """Each account undoes its own; what another one wrote elsewhere stays."""
    before = tree_of(folder)
    save(folder, Insert("/claims", {"title": "甲的请求"}, 0))
    save(folder, Put("/registration/note", "别人的备注"), actor="吴某某")
    save(folder, Put("/claims/0/title", "甲的请求，改过"))
    assert isinstance(undo(folder), Saved)
    assert isinstance(undo(folder), Saved)
    after = tree_of(folder)
    assert after["claims"] == before["claims"]
    assert after["registration"]["note"] == "别人的备注"


def test_what_another_account_wrote_over_it_is_not_undone(folder: Path) -> None:
    """Nothing is written then."""
    save(folder, Put("/registration/note", "甲"))
    save(folder, Put("/registration/note", "乙"), actor="吴某某")
    before = tree_of(folder)
    assert isinstance(undo(folder), Conflict)
    assert tree_of(folder) == before


def test_a_step_is_undone_once(folder: Path) -> None:
    """The second attempt says so."""
    save(folder, Put("/registration/note", "甲"))
    undo_step(folder, [1], actor=ACTOR)
    with pytest.raises(CaseError, match="不能撤销"):
        undo_step(folder, [1], actor=ACTOR)


def material(folder: Path, number: int) -> MaterialRef:
    """A material as it is now."""
    now = read_snapshot(folder)
    return MaterialRef(folder, f"/materials/{number}", now.version, now.tree, ACTOR)


def new_file(tmp_path: Path, name: str, data: bytes) -> NewFile:
    """A file to put in."""
    path = tmp_path / name
    path.write_bytes(data)
    return NewFile(path, name, sha256_of(data))


def test_a_material_that_was_taken_away_comes_back_to_its_place(folder: Path) -> None:
    """With its file, from the bin, and goes there again when that is undone."""
    before, files = tree_of(folder), visible_files(folder)
    assert isinstance(remove_material(material(folder, 2)), Saved)
    assert isinstance(undo(folder), Saved)
    assert (tree_of(folder), visible_files(folder), bin_entries(folder)) == (before, files, ())
    assert isinstance(redo(folder), Saved)
    assert len(tree_of(folder)["materials"]) == len(before["materials"]) - 1
    assert len(bin_entries(folder)) == 1
    assert isinstance(undo(folder), Saved)
    assert (tree_of(folder), visible_files(folder), bin_entries(folder)) == (before, files, ())


def test_a_material_that_was_replaced_has_its_file_again(folder: Path, tmp_path: Path) -> None:
    """The new file waits in the bin."""
    before, files = tree_of(folder), visible_files(folder)
    image = next(data for name, data in files.items() if name.endswith(".jpg"))
    replaced = replace_file(material(folder, 2), new_file(tmp_path, "新.jpg", image + b"\0"))
    assert isinstance(replaced.outcome, Saved)
    assert isinstance(undo(folder), Saved)
    assert (tree_of(folder), visible_files(folder)) == (before, files)
    assert [one.name for one in bin_entries(folder)] == ["新.jpg"]
    assert isinstance(redo(folder), Saved)
    assert tree_of(folder)["materials"][2]["file"] == "materials/新.jpg"


def test_a_file_that_was_added_in_parts_goes_into_the_bin_as_a_whole(folder: Path, tmp_path: Path) -> None:
    """And comes back with all its entries."""
    before, files = tree_of(folder), visible_files(folder)
    parts = [{"items": ["other"], "pages": "1"}, {"items": ["evidence"], "pages": "2"}]
    added = add_file(folder, new_file(tmp_path, "整卷.pdf", b"%PDF-1.7 a"), parts, actor=ACTOR)
    assert isinstance(added.outcome, Saved)
    with_parts = tree_of(folder)
    assert isinstance(undo(folder), Saved)
    assert (tree_of(folder), visible_files(folder)) == (before, files)
    assert len(bin_entries(folder)) == 2
    assert isinstance(redo(folder), Saved)
    assert (tree_of(folder), bin_entries(folder)) == (with_parts, ())


def test_a_restored_material_goes_back_into_the_bin(folder: Path) -> None:
    """As it was taken from there."""
    remove_material(material(folder, 0))
    taken = tree_of(folder)
    (binned,) = bin_entries(folder)
    restore_material(folder, binned.number, actor=ACTOR)
    assert isinstance(undo(folder), Saved)
    assert tree_of(folder) == taken
    assert [one.name for one in bin_entries(folder)] == [binned.name]
