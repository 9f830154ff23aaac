"""The form holds the whole model: no field without its place, its title, its words; and sentences have room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bundler.case import labels
from bundler.case.field_types import Unknown
from bundler.case.json_pointer import describe_pointer, find_models, known_keys, parse_pointer, to_pointer
from bundler.case.labels import is_long_text, read_labels
from bundler.case.model import Absent, Case, Material
from bundler.desk.cases.form_fields import Field, FieldGroup, FieldRows, FormNode
from bundler.desk.cases.form_schema import build_nodes
from bundler.desk.cases.form_sections import SECTION_PLANS


def fields_below(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every field of a model, and of the models in it, with the way to it; * stands for any item of a list."""
    for name, info in model.model_fields.items():
        path = f"{above}/{name}"
        yield path, info
        is_list = "tuple[" in str(info.annotation)
        for part in find_models(info.annotation):
            if part is not Unknown:
                yield from fields_below(part, f"{path}/*" if is_list else path)


FIELDS = dict(fields_below(Case))


def literals(annotation: Any) -> list[Any]:  # noqa: ANN401 (an annotation)
    """The codes of which a field may hold one or several."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [code for inner in get_args(annotation) for code in literals(inner)]


def filled(model: type[BaseModel]) -> dict[str, Any]:
    """A tree in which every object and every list is there, the lists with one item."""
    tree: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        parts = [part for part in find_models(info.annotation) if part is not Unknown]
        if parts:
            tree[name] = [filled(parts[0])] if "tuple[" in str(info.annotation) else filled(parts[0])
    return tree


def shown(nodes: tuple[FormNode, ...]) -> Iterator[FormNode]:
    """Every node of the form, the outer before the inner."""
    for node in nodes:
        yield node
        if isinstance(node, FieldGroup):
            yield from shown(node.children)
        elif isinstance(node, FieldRows):
            yield from shown(node.rows)


def test_every_field_of_the_model_is_in_the_form() -> None:
    """Each in one section; materials and declarations of absence have a page of their own, whose fields are made alike."""
    keys = [key for plan in SECTION_PLANS for key in plan.keys]
    assert sorted([*keys, "materials", "absent"]) == sorted(Case.model_fields)
    tree = filled(Case)
    nodes = build_nodes(Case, tree, "", [*keys, "materials", "absent"])
    there = {
        to_pointer(tuple("*" if isinstance(step, int) else step for step in parse_pointer(one.path)))
        for one in shown(nodes)
    }
    assert set(FIELDS) <= there
    assert {f"/materials/*/{name}" for name in Material.model_fields} <= there
    assert {f"/absent/*/{name}" for name in Absent.model_fields} <= there


def test_each_has_a_title_in_chinese_and_is_called_by_it() -> None:
    """Also where a finding or a conflict names it."""
    for path, info in FIELDS.items():
        assert info.title
        assert info.description
        assert describe_pointer(path.replace("*", "0")).endswith(info.title)
        parent = parse_pointer(path.replace("*", "0"))[:-1]
        assert path.rpartition("/")[2] in known_keys(parent)
    assert describe_pointer("/petitioners/1/gone") == "信访人第2项的这一项"


@pytest.mark.parametrize("path", [path for path, info in FIELDS.items() if literals(info.annotation)])
def test_each_code_has_its_word_and_its_help_lists_it(path: str) -> None:
    """From one table: what the schema says beside the type, what the form offers, what the description tells."""
    info = FIELDS[path]
    codes = [str(code) for code in literals(info.annotation) if str(code).isascii()]
    words = read_labels(info.json_schema_extra)
    assert list(words) == codes
    node = next(one for one in shown(build_nodes(Case, filled(Case), "")) if one.path.replace("/0", "/*") == path)
    assert isinstance(node, Field)
    assert all(word and not word.isascii() for _, word in node.options)
    if codes:
        assert [str(value) for value, _ in node.options] == codes
        # An item of an article is told with its number before what it says.
        assert [re.sub("^（[一二三四五六七八]）", "", word) for _, word in node.options] == list(words.values())
    tables = [table for name, table in vars(labels).items() if name.isupper() and isinstance(table, dict)]
    assert not codes or dict(words) in tables


def test_sentences_have_room_and_only_they() -> None:
    """A field is long because the model says so, and is then text."""
    long = [path for path, info in FIELDS.items() if is_long_text(info.json_schema_extra)]
    assert {"/registration/summary", "/claims/*/facts", "/reply/case_facts", "/write_off/effect"} <= set(long)
    assert all("str" in str(FIELDS[path].annotation) for path in long)
    by_path = {one.path.replace("/0", "/*"): one for one in shown(build_nodes(Case, filled(Case), ""))}
    assert all(getattr(by_path[path], "widget", "") == "long" for path in long)
    sentences = [
        path
        for path, info in FIELDS.items()
        if "完整句子" in (info.description or "") and info.annotation != tuple[str, ...]
    ]
    assert set(sentences) <= set(long)
