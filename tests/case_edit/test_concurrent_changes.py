"""Concurrent changes of one case: whatever accounts and commands write at once, no update is lost without a clash."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundler.case.json_pointer import parse_pointer
from bundler.case.reader import read_case
from bundler.case_edit.case_differences import find_differences
from bundler.case_edit.change_operations import (
    ABSENT,
    Change,
    Insert,
    Move,
    Put,
    change_from_json,
    change_to_json,
    removal,
    value_at,
)
from bundler.case_edit.read_version_cache import Snapshot, SnapshotCache, Tree, folder_stamp, read_snapshot
from bundler.case_edit.save import Conflict, Refused, Saved, save_changes
from bundler.case_edit.three_way_merge import merge
from bundler.errors import CaseUnreadableError, UsageError
from bundler.ledger.case_change_log import read_history
from tests.support.case_files import REGISTRATION_NO, read_tree, write_case
from tests.support.forks import run_at_once

NAMES = ("甲某某", "乙某某", "丙某某", "丁某某")


def petitioners_case(folder: Path, **parts: Any) -> Path:  # noqa: ANN401 (parts of a case)
    """A case with some petitioners."""
    return write_case(folder, **{"petitioners": [{"name": name} for name in NAMES[:3]], **parts})


def saved(folder: Path, snapshot: Snapshot, *changes: Change) -> Saved:
    """Save changes against a snapshot, without a clash."""
    outcome = save_changes(folder, snapshot.version, changes, seen=snapshot.tree)
    assert isinstance(outcome, Saved), outcome
    return outcome


def clashed(folder: Path, snapshot: Snapshot, *changes: Change) -> Conflict:
    """Save changes against a stale snapshot, with a clash; nothing is written."""
    before = (folder / "case.json").read_bytes()
    outcome = save_changes(folder, snapshot.version, changes, seen=snapshot.tree)
    assert isinstance(outcome, Conflict), outcome
    assert (folder / "case.json").read_bytes() == before
    return outcome


# Each petitioner has a name of his own, so that a test can follow him.
people = st.sampled_from(NAMES[:3])
words = st.sampled_from(["13800000000", "13900000000", "13700000000"])
edits = st.one_of(
    st.tuples(st.just("put"), people, st.sampled_from(["phone", "address"]), words | st.none()),
    st.tuples(st.just("drop"), people),
    st.tuples(st.just("move"), people, st.integers(0, 2)),
    st.tuples(st.just("insert"), st.integers(0, 3) | st.none()),
    st.tuples(st.just("top"), st.sampled_from(["source", "summary"]), words | st.none()),
)


def changes_of(edits_: Sequence[tuple[Any, ...]], who: str) -> dict[Change, tuple[Any, ...]]:
    """Changes of `petitioners_case`, one for each position, with what they mean."""
    found: dict[str, tuple[Change, tuple[Any, ...]]] = {}
    dropped = {edit[1] for edit in edits_ if edit[0] == "drop"}
    for number, edit in enumerate(edits_):
        kind, *rest = edit
        if kind in {"put", "move"} and rest[0] in dropped:
            continue
        path = f"/petitioners/{NAMES.index(rest[0])}" if rest and rest[0] in NAMES else "/petitioners"
        if kind == "put":
            path += f"/{rest[1]}"
            found[path] = Put(path, ABSENT if rest[2] is None else rest[2]), edit
        elif kind == "drop":
            found[path] = removal(path), edit
        elif kind == "move":
            found[f"{path}>"] = Move(path, rest[1]), edit
        elif kind == "insert":
            name = f"{who}的{number}"
            found[name] = Insert(path, _Named(name=name), rest[0]), ("insert", name)
        else:
            path = f"/registration/{rest[0]}"
            found[path] = Put(path, ABSENT if rest[1] is None else rest[1]), edit
    return dict(found.values())


class _Named(dict[str, str]):
    """A hashable item."""

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none
        return hash(self["name"])


def stands(tree: dict[str, Any], meant: tuple[Any, ...]) -> bool:
    """Whether a tree has what a change meant."""
    kind, *rest = meant
    items = {one["name"]: one for one in tree["petitioners"]}
    if kind == "put":
        return rest[0] in items and items[rest[0]].get(rest[1]) == rest[2]
    if kind == "drop":
        return rest[0] not in items
    if kind == "insert":
        return rest[0] in items
    return bool(kind == "move" or tree["registration"].get(rest[0]) == rest[1])


@settings(max_examples=400)
@given(first=st.lists(edits, max_size=5), second=st.lists(edits, max_size=5))
def test_of_two_who_write_at_once_each_finds_his_work_or_is_told(
    first: list[tuple[Any, ...]], second: list[tuple[Any, ...]]
) -> None:
    """Whatever they change: what the second may save undoes nothing of the first's, and what would is a clash."""
    base = {
        "registration": {"no": REGISTRATION_NO, "source": "来信", "summary": "摘要"},
        "petitioners": [{"name": name, "phone": "1", "address": "村里"} for name in NAMES[:3]],
    }
    one, other = changes_of(first, "甲"), changes_of(second, "乙")
    middle = merge(base, base, tuple(one))
    assert not middle.clashes
    last = merge(middle.tree, base, tuple(other))
    refused = [clash.change for clash in last.clashes]
    assert all(stands(middle.tree, meant) for meant in one.values())
    assert all(stands(last.tree, meant) for meant in one.values())
    assert all(stands(last.tree, meant) for change, meant in other.items() if change not in refused)
    assert len({item["name"] for item in last.tree["petitioners"]}) == len(last.tree["petitioners"])

    # The account that insists, against the current tree, gets all of it; but what is gone stays gone.
    again = [clash.again for clash in last.clashes if clash.again is not None]
    after = merge(middle.tree, middle.tree, [*last.fitting, *again])
    assert not after.clashes
    lost = [clash.change for clash in last.clashes if clash.again is None]
    assert all(stands(after.tree, meant) for change, meant in other.items() if change not in lost)


steps = st.tuples(
    st.integers(0, 1),
    st.one_of(st.just(None), st.tuples(st.sampled_from(["source", "summary", "note"]), words)),
)


@settings(max_examples=40)
@given(steps=st.lists(steps, max_size=12), forgetful=st.booleans())
def test_no_interleaving_of_two_editors_loses_an_update_in_silence(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, tuple[str, str] | None]],
    forgetful: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Real files: a value is written only over what its author had seen, even where the desk forgot what that was."""
    folder = petitioners_case(tmp_path_factory.mktemp("案") / "案")
    snapshots = [read_snapshot(folder), read_snapshot(folder)]
    for who, step in steps:
        if step is None:
            snapshots[who] = read_snapshot(folder)
            continue
        key, value = step
        saw = snapshots[who].tree["registration"].get(key)
        stood = read_tree(folder)["registration"].get(key)
        change = Put(f"/registration/{key}", value, ABSENT if saw is None else saw)
        outcome = save_changes(
            folder, snapshots[who].version, [change], seen=None if forgetful else snapshots[who].tree
        )
        now = read_tree(folder)["registration"].get(key)
        if isinstance(outcome, Saved):
            assert now == value
            assert stood in {saw, value}
            snapshots[who] = outcome.snapshot
        else:
            assert isinstance(outcome, Conflict)
            assert now == stood != saw
            assert [clash.now for clash in outcome.clashes] == [ABSENT if stood is None else stood]


Leaves = dict[tuple[str, ...], Any]
"""The values of a case with claims, each by the names of its owners and not by its position."""


def leaves_of(tree: dict[str, Any]) -> Leaves:
    """Every value of the claims and of their measures; nobody changes a claim's reason or a measure's day."""
    found: Leaves = {}
    for claim in tree.get("claims", []):
        own = claim["reason"]
        found |= {(own, key): value for key, value in claim.items() if key != "measures"}
        for measure in claim.get("measures", []):
            found |= {(own, measure["on"], key): value for key, value in measure.items()}
    return found


def rows_at(tree: Tree, change: Change) -> Leaves:
    """The values that a change may touch, in the tree that its pointer refers to."""
    steps: list[Any] = list(parse_pointer(change.path)[1:])
    if not steps or isinstance(change, Move):
        return {}
    claim = tree["claims"][steps[0]]
    whole = leaves_of({"claims": [claim]})
    if isinstance(change, Insert) or len(steps) == 1:
        return {} if isinstance(change, Insert) else whole
    if steps[1] != "measures":
        return {(claim["reason"], steps[1]): claim.get(steps[1], ABSENT)}
    measure = claim["measures"][steps[2]]
    key = (claim["reason"], measure["on"], *steps[3:])
    return {key: measure.get(steps[3], ABSENT)} if steps[3:] else {k: v for k, v in whole.items() if k[:2] == key}


def overwritten(before: Leaves, after: Leaves) -> Leaves:
    """The values that were there before and are gone or different after."""
    return {key: value for key, value in before.items() if after.get(key, ABSENT) != value}


class Editor:
    """One of several editors of a case, each with the version that it has read."""

    def __init__(self, folder: Path, who: int) -> None:
        self.folder, self.who, self.count = folder, who, 0
        self.snapshot = read_snapshot(folder)

    def change(self, kind: str, place: int, inner: int, word: str) -> Change | None:
        """A change of what this editor sees; None where there is nothing to change."""
        self.count += 1
        claims = self.snapshot.tree.get("claims", [])
        if kind == "new claim":
            return Insert("/claims", {"reason": f"{self.who}-{self.count}", "title": word}, place)
        if not claims:
            return None
        place %= len(claims)
        at, inner = f"/claims/{place}", inner % 3
        if kind in {"text", "drop measure"}:
            if inner >= len(claims[place].get("measures", [])):
                return None
            at += f"/measures/{inner}"
        measure = {"on": f"20{self.who + 10}-01-{self.count:02}", "text": word}
        found: dict[str, Change] = {
            "new measure": Insert(f"{at}/measures", measure, inner),
            "move": Move(at, inner % len(claims)),
            "drop": removal(at),
            "drop measure": removal(at),
        }
        return found.get(kind) or Put(f"{at}/{kind}", word)

    def make(self, change: Change, *, insists: bool) -> None:
        """Save it; where another was first, look, and write all the same or leave it."""
        outcome = self._saved(self.snapshot, [change])
        if isinstance(outcome, Conflict):
            for clash in outcome.clashes:
                if isinstance(clash.again, Put):
                    there = value_at(outcome.snapshot.tree, parse_pointer(clash.again.path))
                    assert clash.now == there  # what is shown is true
            self.snapshot = outcome.snapshot
            again = outcome.settled([0] if insists else [])
            outcome = self._saved(outcome.snapshot, again) if again else outcome
            assert not isinstance(outcome, Conflict) or not again  # nobody else wrote in between
        self.snapshot = outcome.snapshot

    def _saved(self, snapshot: Snapshot, changes: Sequence[Change]) -> Saved | Conflict:
        before, seen = leaves_of(read_tree(self.folder)), snapshot.tree
        outcome = save_changes(self.folder, snapshot.version, changes, seen=seen)
        assert isinstance(outcome, Saved | Conflict), outcome
        lost = overwritten(before, leaves_of(read_tree(self.folder)))
        if isinstance(outcome, Conflict):
            assert not lost
        else:
            meant = {key: value for change in changes for key, value in rows_at(seen, change).items()}
            assert lost == {key: meant.get(key, "never seen") for key in lost}
            assert all(self._stands(seen, change) for change in changes)
        return outcome

    def _stands(self, seen: Tree, change: Change) -> bool:
        now = leaves_of(read_tree(self.folder))
        if isinstance(change, Insert):
            return set(change.value.values()) <= set(now.values())
        if isinstance(change, Move):
            return True
        meant = rows_at(seen, change)
        return all(now.get(key, ABSENT) == change.value for key in meant)


kinds = ["title", "demand", "new claim", "new measure", "move", "drop", "drop measure", "text", "text", "title"]
turns = st.tuples(
    st.integers(0, 2),
    st.none() | st.tuples(st.sampled_from(kinds), st.integers(0, 2), st.integers(0, 2), words),
    st.booleans(),
)


@settings(max_examples=120)
@given(turns=st.lists(turns, max_size=16))
def test_three_editors_of_lists_in_lists_lose_nothing_and_overwrite_nothing_unseen(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, tuple[str, int, int, str] | None, bool]]
) -> None:
    """Real files, pages that are stale by any number of others' savings, rows renamed, moved and taken away."""
    claims = [
        {
            "reason": name,
            "title": name,
            "demand": "1",
            "measures": [{"on": f"2021-0{n}-01", "text": "1"} for n in (1, 2)],
        }
        for name in NAMES[:2]
    ]
    folder = petitioners_case(tmp_path_factory.mktemp("案") / "案", claims=claims)
    editors = [Editor(folder, who) for who in range(3)]
    for who, asked, insists in turns:
        if asked is None:
            editors[who].snapshot = read_snapshot(folder)
        elif change := editors[who].change(*asked):
            editors[who].make(change, insists=insists)
    assert read_history(folder).broken == ()


def _write_much(folder: Path, who: str, times: int) -> None:
    """Add to a text and insert a mark, each time against the snapshot that was read, and again after a clash."""
    for number in range(times):
        while True:
            snapshot, mark = read_snapshot(folder), f"{who}-{number}"
            text = snapshot.tree["registration"]["summary"]
            changes: list[Change] = [
                Put("/registration/summary", f"{text} {mark}", text),
                Insert("/claims", {"title": mark}),
            ]
            if isinstance(save_changes(folder, snapshot.version, changes, seen=snapshot.tree, actor=who), Saved):
                break


def _write_with_threads(folder: Path, who: str, times: int) -> None:
    threads = [threading.Thread(target=_write_much, args=(folder, f"{who}{n}", times)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_processes_and_threads_on_one_case_lose_no_update(tmp_path: Path) -> None:
    """Three processes of two threads each add to the same text: all of it is there, every mark, and the history holds."""
    folder = petitioners_case(tmp_path / "案")
    saved(folder, read_snapshot(folder), Put("/registration/summary", "始"))
    times = 6

    assert run_at_once(_write_with_threads, [(folder, who, times) for who in "甲乙丙"]) == [0, 0, 0]
    tree = read_tree(folder)
    marks = [f"{who}{n}-{number}" for who in "甲乙丙" for n in range(2) for number in range(times)]
    assert sorted(tree["registration"]["summary"].split()[1:]) == sorted(marks)
    assert sorted(claim["title"] for claim in tree["claims"]) == sorted(marks)
    history = read_history(folder)
    assert history.broken == ()
    assert len(history.entries) == 1 + 3 * 2 * times
    assert {path.name for path in folder.iterdir()} == {"case.json", ".bundler-history.jsonl"}


def test_a_change_meets_its_person_wherever_others_have_moved_him(tmp_path: Path) -> None:
    """After one petitioner was inserted before him and another removed, the phone number still goes to the right one."""
    folder = petitioners_case(tmp_path / "案")
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Insert("/petitioners", {"name": "新某某"}, 0), removal("/petitioners/0"))
    outcome = saved(folder, snapshot, Put("/petitioners/2/phone", "13800000000"))

    assert outcome.merged
    assert read_tree(folder)["petitioners"] == [
        {"name": "新某某"},
        {"name": "乙某某"},
        {"name": "丙某某", "phone": "13800000000"},
    ]
    assert outcome.places == ("/petitioners/2/phone",)


def test_of_somebody_who_is_gone_nothing_is_written_to_another(tmp_path: Path) -> None:
    """He was removed, or another petitioner has his index: a conflict that cannot be forced."""
    folder = petitioners_case(tmp_path / "案")
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Put("/petitioners/0/name", "别某某"))
    conflict = clashed(
        folder, snapshot, Put("/petitioners/0/phone", "13800000000"), Put("/registration/source", "来信")
    )

    (clash,) = conflict.clashes
    assert (clash.label, clash.wanted, clash.again) == ("第1名信访人的联系电话", "13800000000", None)
    assert conflict.settled([0]) == (Put("/registration/source", "来信", ABSENT),)


CLAIMS = ({"title": "查控财产", "demand": "查封房产"}, {"title": "发放案款", "demand": "尽快发放"})


RENAMED = {**CLAIMS[0], "title": "查控存款"}
MEASURE = {"on": "2021-09-20", "text": "查封"}


@pytest.mark.parametrize(
    ("asked", "seen", "now", "then"),
    [
        (Put("/claims/0/title", "查控房产"), "查控财产", "查控存款", [{**CLAIMS[0], "title": "查控房产"}]),
        (Put("/claims/0/demand", "冻结存款"), "查封房产", "查封房产", [{**RENAMED, "demand": "冻结存款"}]),
        (Put("/claims/0/facts", "已查封"), ABSENT, ABSENT, [{**RENAMED, "facts": "已查封"}]),
        (removal("/claims/0"), CLAIMS[0], RENAMED, []),
        (Insert("/claims/0/measures", MEASURE), ABSENT, ABSENT, [{**RENAMED, "measures": [MEASURE]}]),
    ],
    ids=["the same words", "others of its words", "something new", "taken away", "a row in it"],
)
def test_a_row_whose_own_words_were_changed_is_not_called_gone(
    tmp_path: Path, asked: Change, seen: object, now: object, then: list[object]
) -> None:
    """The clash shows the current value and the changed identifying fields; an account that insists changes that row."""
    folder = petitioners_case(tmp_path / "案", claims=list(CLAIMS))
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Put("/claims/0/title", "查控存款"))
    conflict = clashed(folder, snapshot, asked)

    (clash,) = conflict.clashes
    assert (clash.seen, clash.now) == (seen, now)
    told = [(one.label, one.before, one.after) for one in clash.beside]
    is_told = asked.path in {"/claims/0", "/claims/0/title"}
    assert told == ([] if is_told else [("第1项反映与请求的标题", "查控财产", "查控存款")])
    saved(folder, conflict.snapshot, *conflict.settled([0]))
    assert read_tree(folder)["claims"] == [*then, CLAIMS[1]]


def test_two_who_wrote_the_same_words_agree(tmp_path: Path) -> None:
    """And a renamed row can still be moved, because a move undoes nothing."""
    folder = petitioners_case(tmp_path / "案", claims=list(CLAIMS))
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Put("/claims/0/title", "查控存款"))
    saved(folder, snapshot, Put("/claims/0/title", "查控存款"), Move("/claims/0", 1))
    assert [one["title"] for one in read_tree(folder)["claims"]] == ["发放案款", "查控存款"]


@pytest.mark.parametrize(
    ("first", "is_told"),
    [
        ([Put("/claims/0/title", "查控存款"), Put("/claims/0/demand", "冻结存款")], True),
        ([Put("/claims/0/title", "查控存款"), removal("/claims/1")], False),
        ([Put("/claims/0/title", "查控存款"), Move("/claims/0", 1)], False),
        ([removal("/claims/0"), Insert("/claims", {"title": "查控存款", "demand": "查封房产"})], False),
    ],
    ids=["all its words", "another gone", "elsewhere", "another in its place"],
)
def test_a_row_that_may_be_another_is_not_written_into(tmp_path: Path, first: list[Change], is_told: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """It is not certain that it is the same: the clash shows it where the list is as long, but offers no choice."""
    folder = petitioners_case(tmp_path / "案", claims=list(CLAIMS))
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, *first)
    (clash,) = clashed(folder, snapshot, Put("/claims/0/title", "查控房产")).clashes
    assert clash.again is None
    assert clash.now == ("查控存款" if is_told else ABSENT)


def test_whoever_insists_after_being_told_is_asked_again_when_a_third_has_written(tmp_path: Path) -> None:
    """The choice was made against the value that was shown, not against the present one."""
    folder = petitioners_case(tmp_path / "案")
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Put("/registration/source", "来信"))
    conflict = clashed(folder, snapshot, Put("/registration/source", "来访"))
    assert (conflict.clashes[0].seen, conflict.clashes[0].now) == (ABSENT, "来信")
    third = saved(folder, conflict.snapshot, Put("/registration/source", "网上"))
    again = clashed(folder, conflict.snapshot, *conflict.settled([0]))
    assert again.clashes[0].now == "网上"

    saved(folder, third.snapshot, *again.settled([0]))
    assert read_tree(folder)["registration"]["source"] == "来访"


def test_an_item_that_was_changed_is_not_taken_away_unseen(tmp_path: Path) -> None:
    """Its content is compared, and not its number in the list alone."""
    folder = petitioners_case(tmp_path / "案")
    snapshot = read_snapshot(folder)
    saved(folder, snapshot, Put("/petitioners/1/phone", "13800000000"))
    conflict = clashed(folder, snapshot, removal("/petitioners/1"))

    assert conflict.clashes[0].now == {"name": "乙某某", "phone": "13800000000"}
    saved(folder, conflict.snapshot, *conflict.settled([0]))
    assert [one["name"] for one in read_tree(folder)["petitioners"]] == ["甲某某", "丙某某"]


def test_where_nobody_knows_what_was_seen_no_item_of_a_list_is_trusted(tmp_path: Path) -> None:
    """After a restart of the desk: a change with `before` is merged, a position in a list is not."""
    folder = petitioners_case(tmp_path / "案")
    snapshot, seen = read_snapshot(folder), SnapshotCache(most=1)
    seen.keep(snapshot)
    saved(folder, snapshot, Put("/registration/note", "备"))
    seen.keep(read_snapshot(folder))
    assert seen.get(snapshot.version) is None

    outcome = save_changes(folder, snapshot.version, [Put("/petitioners/1/phone", "13800000000", ABSENT)])
    assert isinstance(outcome, Conflict)
    assert isinstance(save_changes(folder, snapshot.version, [Put("/registration/source", "来信", ABSENT)]), Saved)
    assert isinstance(save_changes(folder, snapshot.version, [Put("/registration/summary", "一")]), Conflict)


LAYOUTS = {
    "two spaces": {"indent": 2},
    "four spaces": {"indent": 4},
    "a tab": {"indent": "\t"},
    "one line": {},
    "one line without spaces": {"separators": (",", ":")},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(
    ("mark", "newline", "end"), [(b"", "\n", "\n"), (b"\xef\xbb\xbf", "\r\n", ""), (b"", "\n", "")]
)
def test_a_file_keeps_its_look(tmp_path: Path, layout: dict[str, Any], mark: bytes, newline: str, end: str) -> None:
    """Indentation, line ends, byte order mark and order of keys; what did not change is the same to the byte."""
    folder = petitioners_case(tmp_path / "案")
    tree = {"decision": "pending", "不认识": [1, 1.5, None], "registration": {"source": "来信", "no": REGISTRATION_NO}}

    def written(value: object) -> bytes:
        text = json.dumps(value, ensure_ascii=False, **layout) + end
        return mark + text.replace("\n", newline).encode()

    (folder / "case.json").write_bytes(written(tree))
    saved(folder, read_snapshot(folder), Put("/registration/no", "钢信执2021-0043"))
    tree["registration"] = {"source": "来信", "no": "钢信执2021-0043"}
    assert (folder / "case.json").read_bytes() == written(tree)


def test_new_keys_stand_where_the_model_has_them_and_empty_parts_go(tmp_path: Path) -> None:
    """Parents are created as needed, and go with their last value; but the presence of a write-off has a meaning."""
    folder = petitioners_case(tmp_path / "案", write_off={"requested_on": "2021-11-22"})
    new: list[Change] = [
        Put("/acceptance/conduct_part/transferred_on", "2021-10-11"),
        Put("/acceptance/conduct_part/department", "督察部门"),
        Put("/registration/received_on", "2021-09-16"),
        Put("/registration/summary", "摘要"),
        Insert("/registration/papers", {"name": "申诉材料"}),
        Insert("/registration/papers", {"name": "判决书"}),
    ]
    outcome = saved(folder, read_snapshot(folder), *new)
    tree = read_tree(folder)
    assert list(tree) == ["registration", "petitioners", "acceptance", "write_off"]
    assert list(tree["registration"]) == ["no", "received_on", "summary", "papers"]
    assert [paper["name"] for paper in tree["registration"]["papers"]] == ["申诉材料", "判决书"]
    assert tree["acceptance"] == {"conduct_part": {"transferred_on": "2021-10-11", "department": "督察部门"}}
    assert not outcome.snapshot.reading.findings

    gone = [
        removal("/acceptance/conduct_part"),
        removal("/write_off/requested_on"),
        removal("/registration/papers/0"),
        removal("/registration/papers/1"),
        *(removal(f"/petitioners/{number}") for number in range(3)),
    ]
    saved(folder, read_snapshot(folder), *gone)
    left = {"no": REGISTRATION_NO, "received_on": "2021-09-16", "summary": "摘要"}
    assert read_tree(folder) == {"registration": left, "petitioners": [], "write_off": {}}


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (Put("/registration/received_on", "2021-13-01"), "信访件登记的来访（件）时间"),
        (Put("/registration/channel", "pigeon"), "信访件登记的信访形式"),
        (Put("/registration/visit_no", "一"), "信访件登记的信访次数"),
        (Put("/petitioners/0", "甲某某"), "第1名信访人"),
        (removal("/follow_ups/0/on"), "第1项跟进情况的日期"),
        (Put("/follow_ups/0", {"text": "走访"}), "第1项跟进情况的日期"),
        (Insert("/materials", {"items": [], "file": "a.pdf"}), "第1件材料的项目"),
        (Put("/registration/colour", "red"), "信访件登记的这一项"),
        (Put("/registration/note", "\ud800"), "信访件登记的备注"),
    ],
)
def test_what_would_make_the_case_unreadable_is_refused_by_its_name(tmp_path: Path, change: Change, label: str) -> None:
    """Nothing is written, and the message has the field's title from the form."""
    folder = petitioners_case(tmp_path / "案", follow_ups=[{"on": "2021-11-24", "text": "走访"}])
    snapshot = read_snapshot(folder)
    outcome = save_changes(folder, snapshot.version, [change, Put("/registration/source", "来信")])

    assert isinstance(outcome, Refused)
    assert [one.label for one in outcome.refusals] == [label]
    assert outcome.refusals[0].message.startswith(f"{label}：")
    assert read_snapshot(folder).version == snapshot.version


@pytest.mark.parametrize(
    ("value", "told"),
    [("字" * 3_000_000, "8 MB"), (10**30, "数字"), (json.loads("[" * 80 + "]" * 80), "太深")],
    ids=["too large", "too many digits", "too deep"],
)
def test_a_value_after_which_nobody_could_read_the_file_is_refused(tmp_path: Path, value: object, told: str) -> None:
    """Whatever a page sends; a value that JSON cannot hold is no change."""
    folder = petitioners_case(tmp_path / "案")
    before = read_snapshot(folder)
    outcome = save_changes(folder, before.version, [Put("/registration/note", value)])
    assert isinstance(outcome, Refused)
    assert told in outcome.refusals[0].message
    with pytest.raises(UsageError):
        save_changes(folder, before.version, [Put("/registration/note", float("nan"))])
    assert read_snapshot(folder).version == before.version


def test_a_case_with_faults_can_be_mended_piece_by_piece(tmp_path: Path) -> None:
    """Earlier faults hinder no other change; a part that was just begun may lack required values."""
    folder = petitioners_case(tmp_path / "案", hearing={"place": "一庭"}, 不认识=1, decision="maybe")
    saved(folder, read_snapshot(folder), Put("/hearing/public", value=False), Insert("/follow_ups", {"text": "走访"}))
    assert {found.path for found in read_case(folder).findings} == {
        "/hearing/held_on",
        "/follow_ups/0/on",
        "/不认识",
        "/decision",
    }
    mend = [Put("/hearing/held_on", "2021-10-20"), removal("/不认识"), Put("/decision", "pending")]
    assert {one.path for one in saved(folder, read_snapshot(folder), *mend).snapshot.reading.findings} == {
        "/follow_ups/0/on"
    }


def test_true_is_not_one_and_blank_is_nothing(tmp_path: Path) -> None:
    """A placeholder counts as no value; numbers and truth values differ."""
    folder = petitioners_case(tmp_path / "案", reception={"repeated": 1}, decision="待填：待定")
    saved(folder, read_snapshot(folder), Put("/reception/repeated", value=True))
    assert read_tree(folder)["reception"]["repeated"] is True
    saved(folder, read_snapshot(folder), Put("/decision", "accepted", ABSENT), Put("/registration/source", "  "))
    assert read_tree(folder)["decision"] == "accepted"
    assert "source" not in read_tree(folder)["registration"]


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    """The same position twice, and a case that is no object."""
    folder = petitioners_case(tmp_path / "案")
    twice = [Put("/petitioners/0", {"name": "一"}), Put("/petitioners/0/name", "二")]
    with pytest.raises(UsageError, match="改了两次"):
        save_changes(folder, read_snapshot(folder).version, twice)
    assert isinstance(save_changes(folder, read_snapshot(folder).version, [Put("", {})]), Conflict)
    (folder / "case.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CaseUnreadableError):
        save_changes(folder, "", [Put("/decision", "pending")])
    with pytest.raises(CaseUnreadableError):
        save_changes(tmp_path / "gone", "", [])


@given(
    st.one_of(
        st.builds(Put, st.text(), st.text() | st.integers() | st.just(ABSENT), st.text() | st.just(ABSENT)),
        st.builds(Put, st.text(), st.booleans()),
        st.builds(Insert, st.text(), st.dictionaries(st.text(), st.booleans()), st.none() | st.integers(0, 9)),
        st.builds(Move, st.text(), st.integers(0, 9)),
    )
)
def test_a_change_travels_through_a_page_and_back(change: Change) -> None:
    """As JSON; ABSENT and UNKNOWN stay distinct."""
    assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change


def test_a_change_leaves_a_line_with_who_where_and_the_values_before_and_after(tmp_path: Path) -> None:
    """A change that changes nothing leaves no line."""
    folder = petitioners_case(tmp_path / "案")
    snapshot = read_snapshot(folder)
    save_changes(folder, snapshot.version, [Put("/petitioners/0/id_number", "999999196805020013")], actor="周某某")
    save_changes(folder, snapshot.version, [Put("/petitioners/0/id_number", "999999196805020013")], seen=snapshot.tree)

    (entry,) = read_history(folder).entries
    assert (entry.actor, entry.action, entry.places) == ("周某某", "edit", ("/petitioners/0/id_number",))
    (change,) = entry.details.changes
    assert (change.now, change.before, change.after) == ("/petitioners/0/id_number", None, "999999196805020013")
    assert read_history(folder).broken == ()


def test_what_changed_is_told_by_name_and_followed_where_it_went() -> None:
    """An item whose index changed is no difference; a new one and a removed one are."""
    before = {"petitioners": [{"name": "甲"}, {"name": "乙"}, {"name": "丙"}], "decision": "pending"}
    after = {"petitioners": [{"name": "新"}, {"name": "甲", "phone": "1"}, {"name": "丙"}], "transfer": {}}
    found = {(one.path, one.label): (one.before, one.after) for one in find_differences(before, after)}

    assert found == {
        ("/petitioners/1/phone", "第2名信访人的联系电话"): (ABSENT, "1"),
        ("/petitioners/1", "第2名信访人"): ({"name": "乙"}, ABSENT),
        ("/petitioners/0", "第1名信访人"): (ABSENT, {"name": "新"}),
        ("/decision", "受理情况"): ("pending", ABSENT),
        ("/transfer", "转交"): (ABSENT, {}),
    }
    assert find_differences(before, before) == ()
    turned = {"petitioners": list(reversed(before["petitioners"]))}
    assert [one.path for one in find_differences({"petitioners": before["petitioners"]}, turned)] == ["/petitioners"]


def test_the_stamp_of_a_folder_tells_that_somebody_was_there(tmp_path: Path) -> None:
    """A saved case.json, a new and a removed scan change it; reading and the history do not."""
    folder = petitioners_case(tmp_path / "案")
    (folder / "materials" / "证据").mkdir(parents=True)
    signs = [folder_stamp(folder)]
    read_snapshot(folder)
    (folder / ".hidden").write_bytes(b"1")
    assert folder_stamp(folder) == signs[0]
    (folder / "materials" / "证据" / "a.pdf").write_bytes(b"1")
    signs.append(folder_stamp(folder))
    saved(folder, read_snapshot(folder), Put("/decision", "accepted"))
    signs.append(folder_stamp(folder))
    (folder / "materials" / "证据" / "a.pdf").unlink()
    signs.append(folder_stamp(folder))
    assert len(set(signs)) == 4
