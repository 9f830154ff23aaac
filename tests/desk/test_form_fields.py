"""The form covers the whole case model: every field has a section, a title and labels; long texts have room."""

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
from bundler.case.labels import is_long_text, labels_of_grounds, read_labels
from bundler.case.model import Absent, Case, Material
from bundler.desk.cases.form_fields import Field, FieldGroup, FieldRows, FormNode
from bundler.desk.cases.form_fields_from_model import build_nodes
from bundler.desk.cases.form_sections import SECTION_PLANS
from tests.support.regulations import REGULATION


def fields_below(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every field of a model and of the models in it, with its path, in which * stands for any index of a list."""
    for name, info in model.model_fields.items():
        path = f"{above}/{name}"
        yield path, info
        is_list = "tuple[" in str(info.annotation)
        for part in find_models(info.annotation):
            if part is not Unknown:
                yield from fields_below(part, f"{path}/*" if is_list else path)


FIELDS = dict(fields_below(Case))


def literals(annotation: Any) -> list[Any]:  # noqa: ANN401 (an annotation)
    """The codes that a field may hold."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [code for inner in get_args(annotation) for code in literals(inner)]


def filled(model: type[BaseModel]) -> dict[str, Any]:
    """A case.json in which every object exists and every list has one item."""
    tree: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        parts = [part for part in find_models(info.annotation) if part is not Unknown]
        if parts:
            tree[name] = [filled(parts[0])] if "tuple[" in str(info.annotation) else filled(parts[0])
    return tree


def all_nodes(nodes: tuple[FormNode, ...]) -> Iterator[FormNode]:
    """Every node of the form, the outer before the inner."""
    for node in nodes:
        yield node
        if isinstance(node, FieldGroup):
            yield from all_nodes(node.children)
        elif isinstance(node, FieldRows):
            yield from all_nodes(node.rows)


def test_every_field_of_the_model_is_in_the_form() -> None:
    """Each is in one section; materials and declarations of absence, which have a page of their own, use the same fields."""
    keys = [key for plan in SECTION_PLANS for key in plan.keys]
    assert sorted([*keys, "materials", "absent"]) == sorted(Case.model_fields)
    tree = filled(Case)
    nodes = build_nodes(Case, tree, "", REGULATION, [*keys, "materials", "absent"])
    paths = {
        to_pointer(tuple("*" if isinstance(step, int) else step for step in parse_pointer(one.path)))
        for one in all_nodes(nodes)
    }
    assert set(FIELDS) <= paths
    assert {f"/materials/*/{name}" for name in Material.model_fields} <= paths
    assert {f"/absent/*/{name}" for name in Absent.model_fields} <= paths


def test_each_has_a_title_in_chinese_and_is_called_by_it() -> None:
    """Findings and conflicts name a field by its title."""
    for path, info in FIELDS.items():
        assert info.title
        assert info.description
        assert info.title.endswith(describe_pointer(path.replace("*", "0")).rpartition("的")[2])
        parent = parse_pointer(path.replace("*", "0"))[:-1]
        assert path.rpartition("/")[2] in known_keys(parent)
    assert describe_pointer("/petitioners/1/gone") == "第2名信访人的这一项"


@pytest.mark.parametrize("path", [path for path, info in FIELDS.items() if literals(info.annotation)])
def test_each_code_has_its_word_and_its_help_lists_it(path: str) -> None:
    """The schema, the form and the description take the labels of codes from one table."""
    info = FIELDS[path]
    codes = [str(code) for code in literals(info.annotation) if str(code).isascii()]
    extra = info.json_schema_extra
    labels_of_codes = read_labels(extra) or labels_of_grounds(extra, REGULATION)
    assert list(labels_of_codes) == codes
    node = next(
        one
        for one in all_nodes(build_nodes(Case, filled(Case), "", REGULATION))
        if one.path.replace("/0", "/*") == path
    )
    assert isinstance(node, Field)
    assert all(label and not label.isascii() for _, label in node.options)
    if codes:
        assert [str(value) for value, _ in node.options] == codes
        # The label of an item of an article starts with the item's number.
        assert [re.sub("^（[一二三四五六七八]）", "", label) for _, label in node.options] == list(
            labels_of_codes.values()
        )
    tables = [table for name, table in vars(labels).items() if name.isupper() and isinstance(table, dict)]
    assert not codes or dict(labels_of_codes) in [*tables, labels_of_grounds(extra, REGULATION)]


def test_sentences_have_room_and_only_they() -> None:
    """A field has a text area exactly where the model marks it as long text."""
    long = [path for path, info in FIELDS.items() if is_long_text(info.json_schema_extra)]
    assert {"/registration/summary", "/claims/*/facts", "/reply/case_facts", "/write_off/effect"} <= set(long)
    assert all("str" in str(FIELDS[path].annotation) for path in long)
    by_path = {one.path.replace("/0", "/*"): one for one in all_nodes(build_nodes(Case, filled(Case), "", REGULATION))}
    assert all(getattr(by_path[path], "widget", "") == "long" for path in long)
    sentences = [
        path
        for path, info in FIELDS.items()
        if "完整句子" in (info.description or "") and info.annotation != tuple[str, ...]
    ]
    assert set(sentences) <= set(long)
