"""The papers of a case put in, replaced, taken away and brought back: whole or not at all, and never lost."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.case_edit import material_files
from bundler.case_edit.changes import Insert, Move, Put
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
from bundler.case_edit.recycle_bin import BIN_FOLDER, bin_entries
from bundler.case_edit.save import Conflict, Refused, Saved, save_changes
from bundler.case_edit.snapshot import read_snapshot
from bundler.commands import run
from bundler.errors import CaseError, FileChangedError, UsageError
from bundler.intake.scan import Scan, scan_file
from bundler.ledger.case_history import read_history
from bundler.materials.folder import find_unlisted_files
from bundler.regulation.papers import Item
from tests.case_edit.test_concurrent_changes import OWN, case_in, tree_of
from tests.support.hostile.pictures import jpeg

INTERVIEW = {"items": ["interview"], "file": "materials/约谈.jpg", "signed_on": "2021-09-22"}
TWICE = [
    {"items": ["interview"], "file": "materials/约谈.jpg", "pages": "1"},
    {"items": ["other"], "file": "./materials//约谈.jpg"},
]


def scan_of(folder: Path, path: Path, *items: Item) -> Scan:
    """A file looked at, which a person says is so and so."""
    case = read_case(folder).case
    scan = scan_file(path, folder, case or Case(), items)
    assert not scan.refusal
    return scan


def added(folder: Path, scan: Scan, **details: str) -> AddedFile:
    """A scan put into a case with all its parts, for an account."""
    entries = [{**part.entry, **details} for part in scan.parts]
    return add_file(folder, scan.new_file, entries, actor="周某某")


def picture(path: Path, shade: int = 7) -> Path:
    """A scan, different from others by what follows its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg() + bytes([shade]))
    return path


def with_interview(folder: Path, *entries: dict[str, Any]) -> Path:
    """A case with one scan."""
    case_in(folder, materials=list(entries) or [INTERVIEW])
    picture(folder / "materials" / "约谈.jpg", 1)
    return folder


def paper(folder: Path, index: int = 0) -> MaterialRef:
    """A paper as somebody sees it now."""
    draft = read_snapshot(folder)
    return MaterialRef(folder, f"/materials/{index}", draft.version, draft.tree, "周某某")


def files(folder: Path) -> dict[str, str]:
    """Every file of a case but case.json, its history and the days in its bin, by its digest."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.name == "entry.json":
            data = json.dumps({**json.loads(data), "at": ""}, sort_keys=True).encode()
        if (
            path.parent != folder
            or path.suffix not in {".json", ".jsonl"}
            or path.name.startswith(material_files.COPY_NOTE_PREFIX)
        ):
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def standing(folder: Path) -> tuple[Any, ...]:
    """All that a case is."""
    binned = [(one.entry, one.name, one.why, one.who) for one in bin_entries(folder)]
    return tree_of(folder), files(folder), binned


def test_a_file_is_put_in_with_all_that_is_known_of_it_in_one_writing(tmp_path: Path) -> None:
    """Its name made harmless, its entry with its days; and a line in the history with its digest."""
    folder = case_in(tmp_path / "案")
    sent = picture(tmp_path / "上传" / "..约谈笔录.jpg")
    scan = scan_of(folder, sent, Item.INTERVIEW)
    done = added(folder, scan, signed_on="2021-09-22", title="约谈笔录")

    assert isinstance(done.outcome, Saved)
    assert tree_of(folder)["materials"] == [
        {"items": ["interview"], "file": "materials/约谈笔录.jpg", "title": "约谈笔录", "signed_on": "2021-09-22"}
    ]
    assert (folder / done.file).read_bytes() == sent.read_bytes()
    (entry,) = read_history(folder).entries
    assert (entry.action, entry.actor, entry.outputs[0].sha256) == ("add", "周某某", scan.record.sha256)
    assert not any(path.name.startswith(material_files.COPY_NOTE_PREFIX) for path in folder.iterdir())


def test_the_same_file_on_another_place_is_one_file_and_one_entry(tmp_path: Path) -> None:
    """Dropped on a second item it serves both; under whatever name it is sent."""
    folder = with_interview(tmp_path / "案")
    sent = picture(tmp_path / "上传" / "另名.jpg", 1)
    scan = scan_of(folder, sent, Item.CONVERSATION_RECORD)
    done = added(folder, scan)

    assert done.file == "materials/约谈.jpg"
    assert tree_of(folder)["materials"] == [{**INTERVIEW, "items": ["interview", "conversation_record"]}]
    assert list(files(folder)) == ["materials/约谈.jpg"]


def test_another_file_of_a_name_that_is_taken_gets_the_next(tmp_path: Path) -> None:
    """What stands there is never written over; nor is a file that somebody laid there by hand."""
    folder = with_interview(tmp_path / "案")
    picture(folder / "materials" / "约谈-2.jpg", 9)
    scan = scan_of(folder, picture(tmp_path / "约谈.jpg", 2), Item.OTHER)
    assert added(folder, scan).file == "materials/约谈-3.jpg"
    assert len(set(files(folder).values())) == 3


def test_what_the_model_cannot_take_leaves_no_copy(tmp_path: Path) -> None:
    """A day that is none; and a file that was changed after it was looked at."""
    folder = case_in(tmp_path / "案")
    scan = scan_of(folder, picture(tmp_path / "a.jpg"), Item.INTERVIEW)
    done = added(folder, scan, signed_on="九月")
    assert isinstance(done.outcome, Refused)
    assert "signed_on" not in done.outcome.refusals[0].message
    assert files(folder) == {}
    picture(tmp_path / "a.jpg", 8)
    with pytest.raises(FileChangedError):
        added(folder, scan)


def test_a_replaced_file_goes_into_the_bin_and_comes_back(tmp_path: Path) -> None:
    """The bin is hidden: no paper of the case, and no finding."""
    folder = with_interview(tmp_path / "案", {**INTERVIEW, "pages": "1"})
    old = (folder / "materials" / "约谈.jpg").read_bytes()
    scan = scan_of(folder, picture(tmp_path / "约谈.jpg", 5))
    done = replace_file(paper(folder), scan.new_file)

    assert isinstance(done.outcome, Saved)
    assert tree_of(folder)["materials"] == [{**INTERVIEW, "file": "materials/约谈-2.jpg"}]
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
    assert tree_of(folder)["materials"][1] == {**INTERVIEW, "pages": "1"}
    assert (folder / "materials" / "约谈.jpg").read_bytes() == old
    with pytest.raises(CaseError, match="没有这一份"):
        restore_material(folder, binned.number)


def test_a_file_that_serves_other_entries_stays_until_the_last_is_gone(tmp_path: Path) -> None:
    """However they spell its name."""
    folder = with_interview(tmp_path / "案", *TWICE)
    assert isinstance(remove_material(paper(folder)), Saved)
    assert (folder / "materials" / "约谈.jpg").exists()
    assert isinstance(remove_material(paper(folder)), Saved)
    assert not (folder / "materials" / "约谈.jpg").exists()
    assert tree_of(folder)["materials"] == []
    assert [one.entry for one in bin_entries(folder)] == [TWICE[1], TWICE[0]]


def test_an_entry_of_a_file_outside_can_be_taken_away_and_the_file_is_not_touched(tmp_path: Path) -> None:
    """By a path, or by a link."""
    outside = picture(tmp_path / "外.jpg")
    folder = case_in(tmp_path / "案", materials=[{**INTERVIEW, "file": "../外.jpg"}, {**INTERVIEW, "file": "l.jpg"}])
    (folder / "l.jpg").symlink_to(outside)
    for _ in range(2):
        assert isinstance(remove_material(paper(folder)), Saved)
    assert tree_of(folder)["materials"] == []
    assert outside.exists()
    assert (folder / "l.jpg").is_symlink()


def test_a_paper_that_somebody_else_has_changed_is_not_taken_away_unseen(tmp_path: Path) -> None:
    """Nothing goes into the bin, and nothing out of its place."""
    folder = with_interview(tmp_path / "案")
    seen = paper(folder)
    draft = read_snapshot(folder)
    save_changes(folder, draft.version, [Put("/materials/0/title", "约谈笔录")], seen=draft.tree)
    before = standing(folder)
    told = remove_material(seen)
    assert isinstance(told, Conflict)
    assert standing(folder) == before
    # Its file and the bin do not go with a change of case.json, so that it is asked anew and not chosen.
    assert [one.now for one in told.clashes] == [tree_of(folder)["materials"][0]]
    assert told.settled([0]) == ()
    assert isinstance(remove_material(paper(folder)), Saved)
    before = standing(folder)
    assert isinstance(remove_material(seen), Conflict)
    assert standing(folder) == before


def test_of_two_who_replace_one_file_the_second_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """Not even the pages, which would fit: they are the other's by now."""
    folder = with_interview(tmp_path / "案")
    seen = paper(folder)
    first, second = (picture(tmp_path / name, number) for number, name in enumerate(("甲.jpg", "乙.jpg"), start=6))
    assert isinstance(replace_file(seen, scan_of(folder, first).new_file).outcome, Saved)
    draft = read_snapshot(folder)
    save_changes(folder, draft.version, [Put("/materials/0/pages", "1")])
    before = standing(folder)
    told = replace_file(seen, scan_of(folder, second).new_file).outcome
    assert isinstance(told, Conflict)
    assert told.settled([0, 1]) == ()
    assert standing(folder) == before


def test_a_paper_gets_the_place_of_another_wherever_that_is_by_now(tmp_path: Path) -> None:
    """Whatever lies between them stays; by what they are, where another has put one before them meanwhile."""
    names = ["甲.jpg", "乙.jpg", "丙.jpg", "丁.jpg"]
    items = [["evidence"], ["other"], ["evidence"], ["evidence"]]
    entries = [{"items": here, "file": name} for name, here in zip(names, items, strict=True)]
    folder = case_in(tmp_path / "案", materials=entries)
    draft = read_snapshot(folder)
    save_changes(folder, draft.version, [Insert("/materials", {"items": ["other"], "file": "新.jpg"}, 0)])
    assert isinstance(save_changes(folder, draft.version, [Move("/materials/3", 0)], seen=draft.tree), Saved)
    order = [one["file"] for one in tree_of(folder)["materials"]]
    assert [name for name in order if name in {"甲.jpg", "丙.jpg", "丁.jpg"}] == ["丁.jpg", "甲.jpg", "丙.jpg"]
    assert sorted(order) == sorted([*names, "新.jpg"])


CALLS = ("link", "replace", "unlink", "fsync", "mkdir", "rename", "rmdir")


def killed_at(moment: int, work: Callable[[], object], *, after: bool) -> bool:
    """Work in a fork that is killed at a call that changes the disk, before it or after it; whether it came so far."""
    child = os.fork()
    if child == 0:
        _arm(moment, after=after)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _arm(moment: int, *, after: bool) -> None:
    count = [0]

    def deadly(plain: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            count[0] += 1
            is_time = count[0] == moment
            if is_time and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return plain(*arguments, **options)
            finally:
                if is_time:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name)))


def put_in(folder: Path) -> None:
    """A scan put in."""
    scan = scan_of(folder, folder.parent / "新.jpg", Item.OTHER)
    added(folder, scan)


def put_in_by_command(folder: Path) -> None:
    """A scan put in by the command."""
    run(["add", str(folder), str(folder.parent / "新.jpg"), "--item", "other", "--json"])


def put_in_instead(folder: Path) -> None:
    """A scan in the place of another."""
    replace_file(paper(folder), scan_of(folder, folder.parent / "新.jpg").new_file)


def take_one(folder: Path) -> None:
    """A paper taken away."""
    remove_material(paper(folder))


def take_back(folder: Path) -> None:
    """A paper brought back."""
    restore_material(folder, 1)


@pytest.mark.parametrize("work", [put_in, put_in_by_command, put_in_instead, take_one, take_back])
@pytest.mark.parametrize("named", [False, True], ids=["nameless", "named"])
def test_killed_at_any_moment_the_case_is_as_it_was_or_as_it_was_to_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Path], None],
    named: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Before and after each call that changes the disk; the next one who works there ends or undoes it, and leaves no litter."""
    if named:
        monkeypatch.setattr("bundler.atomic_write._nameless", lambda _folder: None)
    picture(tmp_path / "新.jpg", 5)

    def begin(name: str) -> Path:
        folder = with_interview(tmp_path / name)
        if work is take_back:
            take_one(folder)
        return folder

    whole = begin("whole")
    before = standing(whole)
    work(whole)
    after = standing(whole)
    assert before != after

    moment, is_killed = 0, True
    while is_killed:
        moment += 1
        for is_late in (False, True):
            folder = begin(f"{moment}{is_late}")
            is_killed = killed_at(moment, lambda folder=folder: work(folder), after=is_late)  # type: ignore[misc]
            assert tree_of(folder) in (before[0], after[0])
            recover_case(folder)
            assert standing(folder) in (before, after), moment
            left = {path.name for path in folder.iterdir()} - {
                "case.json",
                "materials",
                ".bundler-history.jsonl",
                BIN_FOLDER,
            }
            assert left == set()
    assert moment > 8


@pytest.mark.parametrize("named", [False, True], ids=["nameless", "named"])
def test_killed_at_any_moment_of_saving_a_field_the_case_is_the_old_or_the_new_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """To the byte; the next saving needs no help, leaves no litter, and the history holds."""
    if named:
        monkeypatch.setattr("bundler.atomic_write._nameless", lambda _folder: None)

    def save(folder: Path, value: str = "来信") -> None:
        assert isinstance(
            save_changes(folder, read_snapshot(folder).version, [Put("/registration/source", value)]), Saved
        )

    whole = case_in(tmp_path / "whole")
    before = (whole / "case.json").read_bytes()
    save(whole)
    after = (whole / "case.json").read_bytes()
    assert before != after

    moment, is_killed = 0, True
    while is_killed:
        moment += 1
        for is_late in (False, True):
            folder = case_in(tmp_path / f"{moment}{is_late}")
            is_killed = killed_at(moment, lambda folder=folder: save(folder), after=is_late)  # type: ignore[misc]
            assert (folder / "case.json").read_bytes() in (before, after)
            save(folder, "来电")
            assert tree_of(folder)["registration"]["source"] == "来电"
            assert {path.name for path in folder.iterdir()} == {"case.json", ".bundler-history.jsonl"}
            assert read_history(folder).broken == ()
    assert moment > 3


def _place_some(folder: Path, who: int) -> None:
    for number in range(3):
        scan = scan_of(folder, folder.parent / f"{who}-{number}.jpg", Item.OTHER)
        assert isinstance(added(folder, scan).outcome, Saved)
    draft = read_snapshot(folder)
    index = next(n for n, one in enumerate(draft.tree["materials"]) if one["file"] == f"materials/{who}-1.jpg")
    assert isinstance(remove_material(MaterialRef(folder, f"/materials/{index}", draft.version, draft.tree)), Saved)


def test_many_who_put_in_and_take_away_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four processes: every scan is in the case or in the bin, and nothing lies beside them."""
    folder = case_in(tmp_path / "案")
    for who in range(4):
        for number in range(3):
            picture(tmp_path / f"{who}-{number}.jpg", who * 3 + number)
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_place_some, args=(folder, who)) for who in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0] * 4
    named = sorted(one["file"] for one in tree_of(folder)["materials"])
    assert named == sorted(f"materials/{who}-{number}.jpg" for who in range(4) for number in (0, 2))
    assert sorted(name for name in files(folder) if name.startswith("materials/")) == named
    assert sorted(one.name for one in bin_entries(folder)) == [f"{who}-1.jpg" for who in range(4)]
    assert read_history(folder).broken == ()


def test_a_new_case_has_its_number_and_what_is_known_and_nothing_is_touched(tmp_path: Path) -> None:
    """In a folder of its own, named after it; a number that is there already, in whatever case, is refused."""
    root = tmp_path / "案件"
    root.mkdir()
    (root / OWN).mkdir()
    values = {"/registration/received_on": "2021-09-16", "/petitioners": [{"name": "甲某某"}], "/transfer": ""}
    folder = create_case(root, f" {OWN} ", values, actor="周某某")

    assert folder == root / f"{OWN}-2"
    assert tree_of(folder) == {
        "registration": {"no": OWN, "received_on": "2021-09-16"},
        "decision": "pending",
        "petitioners": [{"name": "甲某某"}],
        "materials": [],
        "absent": [],
    }
    assert not read_case(folder).findings
    assert {path.name for path in root.iterdir()} == {OWN, f"{OWN}-2"}
    assert [entry.actor for entry in read_history(folder).entries] == ["周某某"]
    assert create_case(root, "SG-1").name == "SG-1"
    with pytest.raises(UsageError, match="已经有了"):
        create_case(root, "sg-1")
    for wrong in ("", "../x", "a b", "号" * 65):
        with pytest.raises(UsageError):
            create_case(root, wrong)
    with pytest.raises(UsageError):
        create_case(root, "钢信执2021-0043", {"/registration/received_on": "昨天"})
    assert {path.name for path in root.iterdir()} == {OWN, f"{OWN}-2", "SG-1"}


def test_of_many_who_register_one_number_one_is_first(tmp_path: Path) -> None:
    """The others are told."""
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_found, args=(tmp_path,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(worker.exitcode or 0 for worker in workers) == [0, 2, 2, 2]
    assert [path.name for path in tmp_path.iterdir()] == [OWN]


def _found(root: Path) -> None:
    try:
        create_case(root, OWN)
    except UsageError:
        os._exit(2)
