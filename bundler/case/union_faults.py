"""Faults of a value that may take several forms: found for the one form that is meant, at the pointer of case.json.

pydantic names each form of such a value (a phone: a text, or an object with a reason) as a step of its own in the
location of a fault, and tells the faults of all forms.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bundler.case.json_pointer import Location, find_fields, find_models, value_at_location
from bundler.case.model import Case

NO_FORM = "no_form"
"""The kind of the fault of a value whose JSON type none of its forms has."""
SIMILAR = 0.5
"""From which likeness on, of 1, a key is taken for a misspelt one."""
_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Fault:
    """A place of case.json that does not fit the model.

    Attributes:
        location: the keys and indices that lead to it.
        kind: pydantic's code for the kind of fault, or `NO_FORM`.
        context: pydantic's details.
    """

    location: Location
    kind: str
    context: Mapping[str, Any] = field(default_factory=dict)


def read_faults(tree: Any, errors: Iterable[ErrorDetails]) -> list[Fault]:
    """The faults of a tree in pydantic's order, each once.

    A list is not told to be empty where an entry of it is at fault.
    """
    found = (fault for error in errors if (fault := _read_fault(tree, error)) is not None)
    faults = list({(fault.location, fault.kind): fault for fault in found}.values())
    within = {fault.location[:-1] for fault in faults}
    return [fault for fault in faults if not (fault.kind == "too_short" and fault.location in within)]


def _read_fault(tree: Any, error: ErrorDetails) -> Fault | None:
    """The fault; that of the value itself where no form is meant; None for a form that is not meant."""
    location: list[int | str] = []
    for step, form, forms in _walk(error["loc"]):
        if form is None:
            location.append(step)
            continue
        meant = _meant_form(forms, value_at_location(tree, tuple(location)))
        if meant is None:
            return Fault(tuple(location), NO_FORM)
        if meant != form:
            return None
    return Fault(tuple(location), error["type"], error.get("ctx") or {})


def _walk(steps: Location) -> Iterator[tuple[int | str, str | None, list[Any]]]:
    """Each step of pydantic's location; for one that is a form, the form's name and the types of all forms."""
    annotation: Any = Case
    for step in steps:
        forms = forms_of(annotation)
        if len(forms) > 1:
            annotation = next((one for one in forms if getattr(one, "__name__", "") == step), str)
            yield step, _form_name(annotation), forms
            continue
        annotation = _inner(forms[0], step) if forms else None
        yield step, None, forms


def forms_of(annotation: Any) -> list[Any]:
    """The types that a value may have beside null: several for a union."""
    if get_origin(annotation) is Annotated:
        return forms_of(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [form for one in get_args(annotation) for form in forms_of(one)]
    return [] if annotation in {None, NoneType} else [annotation]


def _inner(annotation: Any, step: int | str) -> Any:
    """The type of what a step leads to; None for an unknown key."""
    if isinstance(step, int):
        return next(iter(get_args(annotation)), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return next((one.annotation for one in find_fields([annotation], step)), None)
    return None


def _form_name(form: Any) -> str:
    return form.__name__ if find_models(form) else _TEXT


def _meant_form(forms: list[Any], value: Any) -> str | None:
    """The form that a value is meant to have: by its JSON type, and of objects by the keys; None for none."""
    if isinstance(value, str):
        return _TEXT if str in forms else None
    if isinstance(value, Mapping):
        models = [form for form in forms if find_models(form)]
        return max(models, key=lambda model: _likeness(value, model)).__name__ if models else None
    return None


def _likeness(value: Mapping[str, Any], model: type[BaseModel]) -> float:
    """How many keys are those of a model, a misspelt one counted by half."""
    known = list(model.model_fields)
    return sum(1.0 if key in known else 0.5 if nearest(key, known) else 0.0 for key in value)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a word; None if no known word is similar enough."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=SIMILAR)), None)


def meant_code(word: str, labels: Mapping[str, str]) -> str | None:
    """The code that a word stands for: one that is similar to it, or that has it, or a similar one, as its Chinese label.

    Args:
        word: what was written in the place of a code.
        labels: the codes with their labels.
    """
    by_label = {label: code for code, label in labels.items()}
    return by_label.get(word) or nearest(word, labels) or by_label.get(nearest(word, by_label) or "")
