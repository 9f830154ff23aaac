"""One writer of case.json: every change keeps every other character, is validated first, and ends interrupted work."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.case.reader import MAX_CASE_BYTES, read_case
from bundler.case_edit import new_case_skeleton
from bundler.case_edit.change_operations import Change, Insert, Move, Put, removal
from bundler.case_edit.copy_into_materials import COPY_NOTE_PREFIX
from bundler.case_edit.create import create_case, new_case, write_case_folder
from bundler.case_edit.materials import MaterialRef, add_file, remove_material, replace_file, restore_material
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.removed_materials import BIN_FOLDER
from bundler.case_edit.rewrite_changed_json import rewrite
from bundler.case_edit.save import Saved, save_changes
from bundler.commands import run
from bundler.errors import UsageError
from bundler.regulation.papers import BundleKind, Item
from tests.support.case_files import scan_for, write_picture

PACKAGE = Path(__file__).parents[2] / "bundler"
ENTRY = {"items": ["evidence"], "file": "materials/照片.png", "pages": "1-2"}

LAYOUTS = {
    "two spaces": '{\n  "registration": {"no": "甲"},\n  "materials": [\n    {"items": ["other"], "file": "a.pdf"}\n  ],\n  "absent": []\n}\n',
    "spread": '{\n\t"materials": [\n\t\t{\n\t\t\t"items": ["other"],\n\t\t\t"file": "a.pdf"\n\t\t}\n\t],\n\t"absent" : [ ]\n}',
    "empty list": '{\n    "materials": [ ],\n    "registration": {"no": "\\u7532", "summary": "a\\"materials\\": [1]"}\n}\n',
    "no list": '{\n  "registration": {"no": "甲"}\n}\n',
    "one line": '{"materials":[{"items":["other"],"file":"a.pdf"}],"absent":[]}',
    "nothing": "{}",
    "nothing, spread": "{\n\n}\n",
}


def common(one: str, other: str) -> str:
    """What two texts begin with."""
    return one[: next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("one_line", [True, False], ids=["add", "desk"])
def test_the_rest_of_the_file_keeps_every_character(layout: str, mark: str, newline: str, *, one_line: bool) -> None:
    """Only the entry is new: what was before it and after it is there still, mark and line ends included."""
    before = (mark + LAYOUTS[layout]).replace("\n", newline)
    tree = json.loads(LAYOUTS[layout])
    wanted = {**tree, "materials": [*tree.get("materials", []), ENTRY]}
    after = rewrite(before.encode(), wanted, one_line_items=one_line).decode()
    head, tail = common(before, after), common(before[::-1], after[::-1])

    assert json.loads(after.lstrip("\ufeff")) == wanted
    assert "照片" in after
    kept = before.replace(" ", "").replace(newline, "")
    assert len((head + tail).replace(" ", "").replace(newline, "")) >= len(kept)
    assert after.count("\ufeff") == len(mark)
    assert after.replace("\r\n", "").count("\r") == 0
    assert ("\n" in after.replace("\r\n", "")) == (newline == "\n" and "\n" in before)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
trees = st.dictionaries(st.sampled_from("abcde"), json_values, min_size=1, max_size=5)
chances = st.randoms(use_true_random=False)


def mutated(chance: random.Random, value: Any) -> Any:  # noqa: ANN401 (a tree)
    """A tree with members and items changed, inserted, removed and moved; keys that stay keep their order."""
    new: list[Any] = [1, "字", {}, [], {"q": [1, {"z": 2}]}]
    if isinstance(value, dict):
        changed = {}
        for key, child in value.items():
            fate = chance.random()
            if fate < 0.1:
                changed[f"new {key}"] = chance.choice(new)
            if fate < 0.9:
                changed[key] = mutated(chance, child) if fate < 0.4 else child
        return changed
    if isinstance(value, list):
        items = [mutated(chance, one) if chance.random() < 0.3 else one for one in value if chance.random() < 0.8]
        if chance.random() < 0.3:
            items.insert(chance.randint(0, len(items)), chance.choice(new))
        if chance.random() < 0.2:
            chance.shuffle(items)
        return items
    return chance.choice([value, *new])


@given(trees, chances, st.sampled_from([1, 2, 4, "\t"]), st.sampled_from(["", "\n"]), st.booleans())
def test_a_file_in_an_ordinary_layout_stays_in_it(
    tree: dict[str, Any],
    chance: random.Random,
    indent: int | str,
    end: str,
    crlf: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """After any change it is what a JSON library would have written."""

    def written(value: object) -> bytes:
        text = json.dumps(value, ensure_ascii=False, indent=indent) + end
        return (text.replace("\n", "\r\n") if crlf else text).encode("utf-8", "backslashreplace")

    changed = mutated(chance, tree)
    assert rewrite(written(tree), changed) == written(changed)


def laid_out(chance: random.Random, value: Any) -> str:  # noqa: ANN401 (a tree)
    """A tree as JSON text with spaces and line ends anywhere, non-ASCII characters now and then as escapes."""

    def space() -> str:
        return chance.choice(["", " ", "\n", "\n  ", "\t "])

    if isinstance(value, dict):
        members = (
            f"{space()}{json.dumps(k)}{space()}:{space()}{laid_out(chance, v)}{space()}" for k, v in value.items()
        )
        return "{" + space() + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + space() + ",".join(space() + laid_out(chance, one) + space() for one in value) + "]"
    return json.dumps(value, ensure_ascii=chance.random() < 0.5)


@given(trees, chances, st.booleans())
def test_a_file_in_any_layout_keeps_the_text_of_what_did_not_change(
    tree: dict[str, Any],
    chance: random.Random,
    one_line: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Nothing changed: the same bytes. One member changed: the text of all others. And the data is what was asked for."""
    texts = {key: laid_out(chance, value) for key, value in tree.items()}
    text = "{" + ",\n".join(f" {json.dumps(key)} : {value}" for key, value in texts.items()) + "}\n"
    data = text.encode("utf-8", "backslashreplace")
    assert rewrite(data, tree) == data

    changed = mutated(chance, tree)
    assert json.dumps(json.loads(rewrite(data, changed, one_line_items=one_line))) == json.dumps(changed)
    key = chance.choice(list(tree))
    after = rewrite(data, {**tree, key: "另值"}).decode()
    assert after == data.decode().replace(f" {json.dumps(key)} : {texts[key]}", f' {json.dumps(key)} : "另值"', 1)


# A case file in a layout that no library writes. A change touches only its own lines.
ODD = """{ "registration"  : {"no":"钢信执2021-0042",   "source" : "\\u6765\\u4fe1"},

  "petitioners":[ {"name":"甲某某"} , { "name" : "乙某某" }],
      "materials" : [
      {"items": ["interview"],   "file": "materials/约谈.jpg", "signed_on":"2021-09-22"},

      { "items":[ "other" ],"file":"materials/其他.jpg" }
   ],  "absent":[ ],
"decision"   :   "accepted"}


"""
FIRST, SECOND = (line.strip(" ,") for line in ODD.splitlines() if "file" in line)


def odd_case(folder: Path) -> Path:
    """The case of that file, with its scans."""
    for number, name in enumerate(("约谈", "其他"), start=1):
        write_picture(folder / "materials" / f"{name}.jpg", number)
    (folder / "case.json").write_text(ODD, encoding="utf-8")
    return folder


def ref(folder: Path, index: int) -> MaterialRef:
    """A material as it is now."""
    now = read_snapshot(folder)
    return MaterialRef(folder, f"/materials/{index}", now.version, now.tree)


def save_field(folder: Path) -> None:
    """A field of the desk's form."""
    now = read_snapshot(folder)
    changes: list[Change] = [Put("/registration/source", "来访"), removal("/petitioners/0"), Move("/materials/1", 0)]
    assert isinstance(
        save_changes(folder, now.version, [*changes, Insert("/absent", {"item": "hearing_record"})]), Saved
    )


def add_at_desk(folder: Path) -> None:
    """A file dropped on the desk's page."""
    scan = scan_for(folder, write_picture(folder.parent / "新.jpg", 9), Item.EVIDENCE)
    assert isinstance(add_file(folder, scan.new_file, [part.entry for part in scan.parts]).outcome, Saved)


def add_by_command(folder: Path) -> None:
    """`bundler add`."""
    assert (
        run(["add", str(folder), str(write_picture(folder.parent / "新.jpg", 9)), "--item", "evidence", "--json"]) == 0
    )


def replace_first(folder: Path) -> None:
    """Another file for the first material."""
    scan = scan_for(folder, write_picture(folder.parent / "新.jpg", 9))
    assert isinstance(replace_file(ref(folder, 0), scan.new_file).outcome, Saved)


def remove_first(folder: Path) -> None:
    """The first material into the recycle bin."""
    assert isinstance(remove_material(ref(folder, 0)), Saved)


def restore_it(folder: Path) -> None:
    """And back again."""
    remove_first(folder)
    assert isinstance(restore_material(folder, 1), Saved)


NEW = '{"items": ["evidence"], "file": "materials/新.jpg"}'
WRITERS: dict[Callable[[Path], None], dict[str, str]] = {
    save_field: {
        '"\\u6765\\u4fe1"': '"来访"',
        '{"name":"甲某某"} , { "name" : "乙某某" }': '{ "name" : "乙某某" }',
        FIRST: SECOND,
        SECOND: FIRST,
        '"absent":[ ]': '"absent":[{"item": "hearing_record"}]',
    },
    add_at_desk: {SECOND: f"{SECOND},\n\n      {NEW}"},
    add_by_command: {SECOND: f"{SECOND},\n\n      {NEW}"},
    replace_first: {"materials/约谈.jpg": "materials/新.jpg"},
    remove_first: {f"{FIRST},\n\n      ": ""},
    restore_it: {
        f"{FIRST},\n\n      {SECOND}": f'{SECOND},\n      {{"items":["interview"], "file":"materials/约谈.jpg", "signed_on":"2021-09-22"}}'
    },
}


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_whoever_writes_case_json_keeps_every_other_character(
    tmp_path: Path, writer: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The desk's form, its materials and the command: after each, the file differs where it had to."""
    folder = odd_case(tmp_path / "案")
    writer(folder)
    capsys.readouterr()
    expected = re.sub("|".join(map(re.escape, WRITERS[writer])), lambda found: WRITERS[writer][found[0]], ODD)
    assert (folder / "case.json").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_whoever_writes_case_json_ends_interrupted_work_first(
    tmp_path: Path, writer: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy that no entry names goes; a move to the bin whose entry is still there is reverted."""
    folder = odd_case(tmp_path / "案")
    write_picture(folder / "materials" / "半.jpg", 50)
    data = (folder / "materials" / "半.jpg").read_bytes()
    note = {"file": "materials/半.jpg", "sha256": hashlib.sha256(data).hexdigest()}
    (folder / f"{COPY_NOTE_PREFIX}0.json").write_text(json.dumps(note), encoding="utf-8")
    interrupted = folder / BIN_FOLDER / "00007"
    interrupted.mkdir(parents=True)
    (interrupted / "going").touch()
    (interrupted / "entry.json").write_text(json.dumps({"entry": json.loads(FIRST)}), encoding="utf-8")
    with contextlib.suppress(AssertionError, StopIteration):  # what comes of it is another test's matter
        writer(folder)
    capsys.readouterr()
    assert not (folder / "materials" / "半.jpg").exists()
    assert not interrupted.exists()
    assert not list(folder.glob(f"{COPY_NOTE_PREFIX}*"))


def test_what_nobody_could_read_is_not_written_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry after which the file would be too large: refused, and no copy is left."""
    folder = tmp_path / "案"
    folder.mkdir()
    text = '{"materials": [], "registration": {"no": "甲"}}'
    (folder / "case.json").write_text(text + " " * (MAX_CASE_BYTES - len(text.encode())), encoding="utf-8")
    before = (folder / "case.json").read_bytes()
    assert run(["add", str(folder), str(write_picture(tmp_path / "新.jpg")), "--item", "evidence"]) == 1
    assert "8 MB" in capsys.readouterr().err
    assert (folder / "case.json").read_bytes() == before
    assert list((folder / "materials").iterdir()) == []


@pytest.mark.parametrize("kind", list(BundleKind))
def test_a_new_case_is_validated_before_it_is_written(tmp_path: Path, kind: BundleKind) -> None:
    """What `import` and the desk write can be read, else it is not written; `new` leaves the ground of a refusal to be filled in."""
    new_case(tmp_path / "new", kind)
    unfilled = ["/declined/ground"] if kind is BundleKind.DECLINED else []
    assert [one.path for one in read_case(tmp_path / "new").findings] == unfilled
    tree = {key: value for key, value in new_case_skeleton.skeleton_tree(kind).items() if key != "declined"}
    assert read_case(write_case_folder(tmp_path / "import", kind, tree)).findings == ()
    assert read_case(create_case(tmp_path, "甲1", kind=kind)).findings == ()

    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(UsageError):
        write_case_folder(tmp_path / "faulty", kind, {**tree, "decision": "maybe"})
    with pytest.raises(UsageError):
        create_case(tmp_path, "甲2", {"/registration/received_on": "昨天"}, kind=kind)
    assert {path.name for path in tmp_path.iterdir()} == before


def test_no_other_module_writes_case_json() -> None:
    """A call that names case.json and writes is in one module; new files are opened by another."""
    writing = {"replace_unchanged", "write_atomic", "write_new", "atomic_file", "write_text", "write_bytes", "open"}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                text = ast.unparse(node)
                if name in writing and ("CASE_FILE" in text or "case.json" in text):
                    found.add((path.relative_to(PACKAGE).as_posix(), name))
    assert found - {("case/reader.py", "open")} == {("case_edit/save.py", "replace_unchanged")}
