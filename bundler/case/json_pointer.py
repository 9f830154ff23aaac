"""Places of the case: which parts of the model stand at a JSON Pointer, and what they are called in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bundler.case.model import Case

Location = tuple[int | str, ...]
_MOST_DIGITS = 9


def pointer(location: Location) -> str:
    """A location as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def parse_pointer(path: str) -> Location:
    """The steps of a JSON Pointer; one of digits alone is a place in a list, unless no list could be so long."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    return tuple(
        int(step) if step.isascii() and step.isdigit() and len(step) <= _MOST_DIGITS else step for step in steps
    )


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation names, each once where it stands."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in models_in(inner)]


def known_keys(steps: Location) -> list[str]:
    """The keys known at a place of the tree, in the model's order; of a union of models, those of all."""
    models: list[type[BaseModel]] = [Case]
    for step in steps:
        if isinstance(step, int):
            continue
        models = [found for field in fields_named(models, step) for found in models_in(field.annotation)]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def fields_named(models: list[type[BaseModel]], name: str) -> list[FieldInfo]:
    """The fields of that name that models have."""
    return [model.model_fields[name] for model in models if name in model.model_fields]


def describe_pointer(path: str) -> str:
    """A JSON Pointer as words, each key by its title where it stands: 信访人第1项的姓名（名称）."""
    words = ""
    models: list[type[BaseModel]] = [Case]
    for step in parse_pointer(path):
        if isinstance(step, int):
            words += f"第{step + 1}项"
            continue
        field = next(iter(fields_named(models, step)), None)
        words += ("的" if words else "") + (field.title if field and field.title else field_title(step))
        models = models_in(field.annotation) if field else []
    return words


def field_title(name: str) -> str:
    """The Chinese title of a key, wherever it stands first in the model; 这一项 for one that is not known."""
    return _titles().get(name, "这一项")


@cache
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, title in _named(Case):
        found.setdefault(name, title)
    return found


def _named(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key with its title, a model's own before those below it."""
    fields = list(model.model_fields.items())
    yield from ((name, field.title or name) for name, field in fields)
    for _, field in fields:
        for part in models_in(field.annotation):
            yield from _named(part)
