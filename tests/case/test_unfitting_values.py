"""Every field of the model, given a value of a wrong type or a misspelt key: exactly one finding, at the pointer of that value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel

from bundler.case.model import Case
from bundler.case.reader import read_data
from bundler.regulation.papers import Item

_EXAMPLES: dict[Any, Any] = {
    str: "1",
    int: 1,
    bool: True,
    date: "2021-09-16",
    datetime: "2021-09-16T09:30",
    Item: "other",
}
_JSON_TYPES: dict[Any, type] = {date: str, datetime: str, Item: str}
_WRONG: tuple[Any, ...] = (7, True, "字", [], {})


def forms(annotation: Any) -> list[Any]:  # noqa: ANN401
    """The types that a value may have beside null."""
    if get_origin(annotation) is Annotated:
        return forms(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [form for one in get_args(annotation) for form in forms(one)]
    return [] if annotation is NoneType else [annotation]


def is_model(form: Any) -> bool:  # noqa: ANN401
    """Whether a form is an object of the model."""
    return isinstance(form, type) and issubclass(form, BaseModel)


def example(form: Any) -> Any:  # noqa: ANN401
    """A small value of a form."""
    if is_model(form):
        return {
            name: example(forms(info.annotation)[0]) for name, info in form.model_fields.items() if info.is_required()
        }
    if get_origin(form) is tuple:
        return [example(forms(get_args(form)[0])[0])]
    return get_args(form)[0] if get_origin(form) is Literal else _EXAMPLES[form]


def json_type(form: Any) -> type:  # noqa: ANN401
    """The type of a form's values after JSON text was parsed."""
    if is_model(form):
        return dict
    if get_origin(form) is tuple:
        return list
    return str if get_origin(form) is Literal else _JSON_TYPES.get(form) or cast("type", form)


def places(
    annotation: Any,  # noqa: ANN401
    path: str,
    put: Callable[[Any], Any],
) -> Iterator[tuple[str, list[Any], Callable[[Any], Any]]]:
    """Each place of the model: its pointer, the forms of its value, and what makes the smallest case with a value there."""
    found = forms(annotation)
    yield path, found, put
    for form in found:
        if get_origin(form) is tuple:
            yield from places(get_args(form)[0], f"{path}/0", _nested(put, lambda value: [value]))
        elif is_model(form):
            for name, info in form.model_fields.items():
                yield from places(
                    info.annotation,
                    f"{path}/{name}",
                    _nested(put, partial(_member, example(form), name)),
                )


def _nested(put: Callable[[Any], Any], wrap: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: put(wrap(value))


def _member(around: dict[str, Any], name: str, value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {**around, name: value}


PLACES = list(places(Case, "", lambda value: value))


def found_in(tree: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401
    """The findings of the reader: rule, pointer and advice."""
    read = read_data(json.dumps(tree).encode(), Path(), "case.json")
    return [(found.rule, found.path, found.fix) for found in read.findings]


def test_a_value_of_a_wrong_type_is_one_finding_at_its_pointer() -> None:
    """Types are those of JSON: "4" and true are no numbers, 1 is not true; and so for each form of a value of several."""
    wrong = []
    for path, types, put in PLACES:
        for value in _WRONG:
            found = found_in(put(value))
            is_of_a_form = type(value) in {json_type(form) for form in types}
            if not is_of_a_form and [one[:2] for one in found] != [("JSON-SCHEMA", path)]:
                wrong.append((path, value, found))

    assert len(PLACES) > 300
    assert wrong == []


def test_a_misspelt_key_is_one_finding_with_the_key_that_is_meant() -> None:
    """It is not told as missing too, where it is required; and an object of several forms is told as the one that is meant."""
    wrong = []
    for path, types, put in PLACES:
        for form in filter(is_model, types):
            for name, info in form.model_fields.items():
                tree = {**without(example(form), name), f"{name}x": example(forms(info.annotation)[0])}
                found = found_in(put(tree))
                if not is_as_told(found, f"{path}/{name}x", name):
                    wrong.append((f"{path}/{name}x", found))

    assert wrong == []


def without(tree: dict[str, Any], name: str) -> dict[str, Any]:
    """The object without a key."""
    return {key: value for key, value in tree.items() if key != name}


def is_as_told(found: list[tuple[str, str, str]], path: str, name: str) -> bool:
    """Whether one finding stands at the misspelt key and names the one that is meant."""
    return len(found) == 1 and found[0][:2] == ("JSON-KEY", path) and f"“{name}”" in found[0][2]


def test_a_whole_number_may_be_written_with_a_fraction_of_zero() -> None:
    """JSON does not tell 4.0 from 4; 4.5 is no whole number."""
    assert found_in({"registration": {"visit_no": 4.0}}) == []
    assert found_in({"registration": {"visit_no": 4.5}})[0][:2] == ("JSON-SCHEMA", "/registration/visit_no")
