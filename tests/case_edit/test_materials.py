"""Materials are added, replaced, removed and restored as a whole or not at all, and no file is ever lost."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bundler.case.reader import read_case
from bundler.case_edit import copy_into_materials
from bundler.case_edit.change_operations import Insert, Move, Put
from bundler.case_edit.create import create_case
from bundler.case_edit.lock import recover_case
from bundler.case_edit.materials import (
    AddedFile,
    MaterialRef,
    add_file,
    remove_material,
    replace_file,
    restore_material,
)
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.removed_materials import BIN_FOLDER, bin_entries
from bundler.case_edit.save import Conflict, Refused, Saved, save_changes
from bundler.commands import run
from bundler.errors import CaseError, FileChangedError, UsageError
from bundler.intake.add_scan import Scan
from bundler.ledger.case_change_log import read_history
from bundler.materials.safe_opening import find_unlisted_files
from bundler.regulation.papers import Item
from tests.support.case_files import REGISTRATION_NO, read_tree, scan_for, write_case, write_picture
from tests.support.forks import run_at_once
from tests.support.kills import killed_at

INTERVIEW = {"items": ["interview"], "file": "materials/约谈.jpg", "signed_on": "2021-09-22"}
TWICE = [
    {"items": ["interview"], "file": "materials/约谈.jpg", "pages": "1"},
    {"items": ["other"], "file": "./materials//约谈.jpg"},
]


def added(folder: Path, scan: Scan, **details: str) -> AddedFile:
    """Add a scan with all its parts, each with these details."""
    entries = [{**part.entry, **details} for part in scan.parts]
    return add_file(folder, scan.new_file, entries, actor="周某某")


def with_interview(folder: Path, *entries: dict[str, Any]) -> Path:
    """A case with one scan."""
    write_case(folder, materials=list(entries) or [INTERVIEW])
    write_picture(folder / "materials" / "约谈.jpg", 1)
    return folder


def material(folder: Path, index: int = 0) -> MaterialRef:
    """A material as an account sees it now."""
    snapshot = read_snapshot(folder)
    return MaterialRef(folder, f"/materials/{index}", snapshot.version, snapshot.tree, "周某某")


def digests_of(folder: Path) -> dict[str, str]:
    """The digest of each file, without case.json, the history, and the times in the bin."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.name == "entry.json":
            data = json.dumps({**json.loads(data), "at": ""}, sort_keys=True).encode()
        if (
            path.parent != folder
            or path.suffix not in {".json", ".jsonl"}
            or path.name.startswith(copy_into_materials.COPY_NOTE_PREFIX)
        ):
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def everything_in(folder: Path) -> tuple[Any, ...]:
    """The whole state of a case: case.json, the files, and the bin."""
    binned = [(one.entry, one.name, one.why, one.who) for one in bin_entries(folder)]
    return read_tree(folder), digests_of(folder), binned


def test_a_file_is_put_in_with_all_that_is_known_of_it_in_one_writing(tmp_path: Path) -> None:
    """With a harmless name, an entry with its dates, and a line with its digest in the history."""
    folder = write_case(tmp_path / "案")
    sent = write_picture(tmp_path / "上传" / "..约谈笔录.jpg")
    scan = scan_for(folder, sent, Item.INTERVIEW)
    done = added(folder, scan, signed_on="2021-09-22", title="约谈笔录")

    assert isinstance(done.outcome, Saved)
    assert read_tree(folder)["materials"] == [
        {"items": ["interview"], "file": "materials/约谈笔录.jpg", "title": "约谈笔录", "signed_on": "2021-09-22"}
    ]
    assert (folder / done.file).read_bytes() == sent.read_bytes()
    (entry,) = read_history(folder).entries
    assert (entry.action, entry.actor, entry.outputs[0].sha256) == ("add", "周某某", scan.record.sha256)
    assert not any(path.name.startswith(copy_into_materials.COPY_NOTE_PREFIX) for path in folder.iterdir())


def test_the_same_file_on_another_place_is_one_file_and_one_entry(tmp_path: Path) -> None:
    """Dropped on a second item, it serves both, whatever its name is."""
    folder = with_interview(tmp_path / "案")
    sent = write_picture(tmp_path / "上传" / "另名.jpg", 1)
    scan = scan_for(folder, sent, Item.CONVERSATION_RECORD)
    done = added(folder, scan)

    assert done.file == "materials/约谈.jpg"
    assert read_tree(folder)["materials"] == [{**INTERVIEW, "items": ["interview", "conversation_record"]}]
    assert list(digests_of(folder)) == ["materials/约谈.jpg"]


def test_another_file_of_a_name_that_is_taken_gets_the_next(tmp_path: Path) -> None:
    """No file is overwritten, not even one that was put there by hand."""
    folder = with_interview(tmp_path / "案")
    write_picture(folder / "materials" / "约谈-2.jpg", 9)
    scan = scan_for(folder, write_picture(tmp_path / "约谈.jpg", 2), Item.OTHER)
    assert added(folder, scan).file == "materials/约谈-3.jpg"
    assert len(set(digests_of(folder).values())) == 3


def test_what_the_model_cannot_take_leaves_no_copy(tmp_path: Path) -> None:
    """An invalid date; and a file that changed after it was scanned."""
    folder = write_case(tmp_path / "案")
    scan = scan_for(folder, write_picture(tmp_path / "a.jpg"), Item.INTERVIEW)
    done = added(folder, scan, signed_on="九月")
    assert isinstance(done.outcome, Refused)
    assert "signed_on" not in done.outcome.refusals[0].message
    assert digests_of(folder) == {}
    write_picture(tmp_path / "a.jpg", 8)
    with pytest.raises(FileChangedError):
        added(folder, scan)


def test_a_replaced_file_goes_into_the_bin_and_comes_back(tmp_path: Path) -> None:
    """The bin is hidden: its files are no materials and cause no finding."""
    folder = with_interview(tmp_path / "案", {**INTERVIEW, "pages": "1"})
    old = (folder / "materials" / "约谈.jpg").read_bytes()
    scan = scan_for(folder, write_picture(tmp_path / "约谈.jpg", 5))
    done = replace_file(material(folder), scan.new_file)

    assert isinstance(done.outcome, Saved)
    assert read_tree(folder)["materials"] == [{**INTERVIEW, "file": "materials/约谈-2.jpg"}]
    (binned,) = bin_entries(folder)
    assert (binned.name, binned.why, binned.who, binned.places) == (
        "约谈.jpg",
        "被替换",
        "周某某",
        "约谈或协调会议记录",
    )
    case = read_case(folder).case
    assert case is not None
    assert find_unlisted_files(folder, case) == {}

    assert isinstance(restore_material(folder, binned.number), Saved)
    assert bin_entries(folder) == ()
    assert read_tree(folder)["materials"][1] == {**INTERVIEW, "pages": "1"}
    assert (folder / "materials" / "约谈.jpg").read_bytes() == old
    with pytest.raises(CaseError, match="没有这一份"):
        restore_material(folder, binned.number)


def test_a_file_that_serves_other_entries_stays_until_the_last_is_gone(tmp_path: Path) -> None:
    """In whatever spelling they list it."""
    folder = with_interview(tmp_path / "案", *TWICE)
    assert isinstance(remove_material(material(folder)), Saved)
    assert (folder / "materials" / "约谈.jpg").exists()
    assert isinstance(remove_material(material(folder)), Saved)
    assert not (folder / "materials" / "约谈.jpg").exists()
    assert read_tree(folder)["materials"] == []
    assert [one.entry for one in bin_entries(folder)] == [TWICE[1], TWICE[0]]


def test_an_entry_of_a_file_outside_can_be_taken_away_and_the_file_is_not_touched(tmp_path: Path) -> None:
    """By a path, or by a link."""
    outside = write_picture(tmp_path / "外.jpg")
    folder = write_case(tmp_path / "案", materials=[{**INTERVIEW, "file": "../外.jpg"}, {**INTERVIEW, "file": "l.jpg"}])
    (folder / "l.jpg").symlink_to(outside)
    for _ in range(2):
        assert isinstance(remove_material(material(folder)), Saved)
    assert read_tree(folder)["materials"] == []
    assert outside.exists()
    assert (folder / "l.jpg").is_symlink()


def test_a_paper_that_somebody_else_has_changed_is_not_taken_away_unseen(tmp_path: Path) -> None:
    """Nothing goes into the bin, and nothing out of its place."""
    folder = with_interview(tmp_path / "案")
    seen = material(folder)
    snapshot = read_snapshot(folder)
    save_changes(folder, snapshot.version, [Put("/materials/0/title", "约谈笔录")], seen=snapshot.tree)
    before = everything_in(folder)
    outcome = remove_material(seen)
    assert isinstance(outcome, Conflict)
    assert everything_in(folder) == before
    # A change of case.json alone would leave the file and the bin behind, so that there is no choice.
    assert [one.now for one in outcome.clashes] == [read_tree(folder)["materials"][0]]
    assert outcome.settled([0]) == ()
    assert isinstance(remove_material(material(folder)), Saved)
    before = everything_in(folder)
    assert isinstance(remove_material(seen), Conflict)
    assert everything_in(folder) == before


def test_of_two_who_replace_one_file_the_second_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """Not even the page range, which would not clash: it belongs to the other file by now."""
    folder = with_interview(tmp_path / "案")
    seen = material(folder)
    first, second = (
        write_picture(tmp_path / name, number) for number, name in enumerate(("甲.jpg", "乙.jpg"), start=6)
    )
    assert isinstance(replace_file(seen, scan_for(folder, first).new_file).outcome, Saved)
    snapshot = read_snapshot(folder)
    save_changes(folder, snapshot.version, [Put("/materials/0/pages", "1")])
    before = everything_in(folder)
    outcome = replace_file(seen, scan_for(folder, second).new_file).outcome
    assert isinstance(outcome, Conflict)
    assert outcome.settled([0, 1]) == ()
    assert everything_in(folder) == before


def test_a_paper_gets_the_place_of_another_wherever_that_is_by_now(tmp_path: Path) -> None:
    """The materials between them stay; both are found by identity after another account inserted one before them."""
    names = ["甲.jpg", "乙.jpg", "丙.jpg", "丁.jpg"]
    items = [["evidence"], ["other"], ["evidence"], ["evidence"]]
    entries = [{"items": here, "file": name} for name, here in zip(names, items, strict=True)]
    folder = write_case(tmp_path / "案", materials=entries)
    snapshot = read_snapshot(folder)
    save_changes(folder, snapshot.version, [Insert("/materials", {"items": ["other"], "file": "新.jpg"}, 0)])
    assert isinstance(save_changes(folder, snapshot.version, [Move("/materials/3", 0)], seen=snapshot.tree), Saved)
    order = [one["file"] for one in read_tree(folder)["materials"]]
    assert [name for name in order if name in {"甲.jpg", "丙.jpg", "丁.jpg"}] == ["丁.jpg", "甲.jpg", "丙.jpg"]
    assert sorted(order) == sorted([*names, "新.jpg"])


def add_at_desk(folder: Path) -> None:
    """Add a scan at the desk."""
    scan = scan_for(folder, folder.parent / "新.jpg", Item.OTHER)
    added(folder, scan)


def add_by_command(folder: Path) -> None:
    """Add a scan by the command."""
    run(["add", str(folder), str(folder.parent / "新.jpg"), "--item", "other", "--json"])


def replace(folder: Path) -> None:
    """Replace a file."""
    replace_file(material(folder), scan_for(folder, folder.parent / "新.jpg").new_file)


def remove(folder: Path) -> None:
    """Remove a material."""
    remove_material(material(folder))


def restore(folder: Path) -> None:
    """Restore it."""
    restore_material(folder, 1)


@pytest.mark.parametrize("work", [add_at_desk, add_by_command, replace, remove, restore])
@pytest.mark.parametrize("named", [False, True], ids=["nameless", "named"])
def test_killed_at_any_moment_the_case_is_as_it_was_or_as_it_was_to_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Path], None],
    named: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Killed before and after each call that changes the disk; the next lock holder completes or reverts it."""
    if named:
        monkeypatch.setattr("bundler.atomic_write._open_tmpfile", lambda _folder: None)
    write_picture(tmp_path / "新.jpg", 5)

    def begin(name: str) -> Path:
        folder = with_interview(tmp_path / name)
        if work is restore:
            remove(folder)
        return folder

    whole = begin("whole")
    before = everything_in(whole)
    work(whole)
    after = everything_in(whole)
    assert before != after

    moment, is_killed = 0, True
    while is_killed:
        moment += 1
        for is_late in (False, True):
            folder = begin(f"{moment}{is_late}")
            is_killed = killed_at(moment, work, folder, after=is_late, named=named)
            assert read_tree(folder) in (before[0], after[0])
            recover_case(folder)
            assert everything_in(folder) in (before, after), moment
            left = {path.name for path in folder.iterdir()} - {
                "case.json",
                "materials",
                ".bundler-history.jsonl",
                BIN_FOLDER,
            }
            assert left == set()
    assert moment > 8


def save(folder: Path, value: str = "来信") -> None:
    """Save one field."""
    assert isinstance(save_changes(folder, read_snapshot(folder).version, [Put("/registration/source", value)]), Saved)


@pytest.mark.parametrize("named", [False, True], ids=["nameless", "named"])
def test_killed_at_any_moment_of_saving_a_field_the_case_is_the_old_or_the_new_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """To the byte; the next save works, leaves no litter, and the history is unbroken."""
    if named:
        monkeypatch.setattr("bundler.atomic_write._open_tmpfile", lambda _folder: None)

    whole = write_case(tmp_path / "whole")
    before = (whole / "case.json").read_bytes()
    save(whole)
    after = (whole / "case.json").read_bytes()
    assert before != after

    moment, is_killed = 0, True
    while is_killed:
        moment += 1
        for is_late in (False, True):
            folder = write_case(tmp_path / f"{moment}{is_late}")
            is_killed = killed_at(moment, save, folder, after=is_late, named=named)
            assert (folder / "case.json").read_bytes() in (before, after)
            save(folder, "来电")
            assert read_tree(folder)["registration"]["source"] == "来电"
            assert {path.name for path in folder.iterdir()} == {"case.json", ".bundler-history.jsonl"}
            assert read_history(folder).broken == ()
    assert moment > 3


def _add_some_and_remove_one(folder: Path, who: int) -> None:
    for number in range(3):
        scan = scan_for(folder, folder.parent / f"{who}-{number}.jpg", Item.OTHER)
        assert isinstance(added(folder, scan).outcome, Saved)
    snapshot = read_snapshot(folder)
    index = next(n for n, one in enumerate(snapshot.tree["materials"]) if one["file"] == f"materials/{who}-1.jpg")
    assert isinstance(
        remove_material(MaterialRef(folder, f"/materials/{index}", snapshot.version, snapshot.tree)), Saved
    )


def test_many_who_put_in_and_take_away_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four processes: every scan is in the case or in the bin, and there is no other file."""
    folder = write_case(tmp_path / "案")
    for who in range(4):
        for number in range(3):
            write_picture(tmp_path / f"{who}-{number}.jpg", who * 3 + number)

    assert run_at_once(_add_some_and_remove_one, [(folder, who) for who in range(4)]) == [0] * 4
    named = sorted(one["file"] for one in read_tree(folder)["materials"])
    assert named == sorted(f"materials/{who}-{number}.jpg" for who in range(4) for number in (0, 2))
    assert sorted(name for name in digests_of(folder) if name.startswith("materials/")) == named
    assert sorted(one.name for one in bin_entries(folder)) == [f"{who}-1.jpg" for who in range(4)]
    assert read_history(folder).broken == ()


def test_a_new_case_has_its_number_and_what_is_known_and_nothing_is_touched(tmp_path: Path) -> None:
    """In a folder named after it; a number that is used already, in upper or lower case, is refused."""
    root = tmp_path / "案件"
    root.mkdir()
    (root / REGISTRATION_NO).mkdir()
    values = {"/registration/received_on": "2021-09-16", "/petitioners": [{"name": "甲某某"}], "/transfer": ""}
    folder = create_case(root, f" {REGISTRATION_NO} ", values, actor="周某某")

    assert folder == root / f"{REGISTRATION_NO}-2"
    assert read_tree(folder) == {
        "registration": {"no": REGISTRATION_NO, "received_on": "2021-09-16"},
        "decision": "pending",
        "petitioners": [{"name": "甲某某"}],
        "materials": [],
        "absent": [],
    }
    assert not read_case(folder).findings
    assert {path.name for path in root.iterdir()} == {REGISTRATION_NO, f"{REGISTRATION_NO}-2"}
    assert [entry.actor for entry in read_history(folder).entries] == ["周某某"]
    assert create_case(root, "SG-1").name == "SG-1"
    with pytest.raises(UsageError, match="已经有了"):
        create_case(root, "sg-1")
    for wrong in ("", "../x", "a b", "号" * 65):
        with pytest.raises(UsageError):
            create_case(root, wrong)
    with pytest.raises(UsageError):
        create_case(root, "钢信执2021-0043", {"/registration/received_on": "昨天"})
    assert {path.name for path in root.iterdir()} == {REGISTRATION_NO, f"{REGISTRATION_NO}-2", "SG-1"}


def test_of_many_who_register_one_number_one_is_first(tmp_path: Path) -> None:
    """The others are refused."""
    exit_codes = run_at_once(_create, [(tmp_path,)] * 4)
    assert sorted(code or 0 for code in exit_codes) == [0, 2, 2, 2]
    assert [path.name for path in tmp_path.iterdir()] == [REGISTRATION_NO]


def _create(root: Path) -> None:
    try:
        create_case(root, REGISTRATION_NO)
    except UsageError:
        os._exit(2)
