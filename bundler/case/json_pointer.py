"""Places of the case: which parts of the model stand at a JSON Pointer, and what they are called in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bundler.case.model import Case

Location = tuple[int | str, ...]
_MAX_INDEX_DIGITS = 9


def to_pointer(location: Location) -> str:
    """A location as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def parse_pointer(path: str) -> Location:
    """The steps of a JSON Pointer; one of digits alone is a place in a list, unless no list could be so long."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    return tuple(
        int(step) if step.isascii() and step.isdigit() and len(step) <= _MAX_INDEX_DIGITS else step for step in steps
    )


def find_models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation names, each once where it stands."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in find_models(inner)]


def known_keys(steps: Location) -> list[str]:
    """The keys known at a place of the tree, in the model's order; of a union of models, those of all."""
    models: list[type[BaseModel]] = [Case]
    for step in steps:
        if isinstance(step, int):
            continue
        models = [found for field in find_fields(models, step) for found in find_models(field.annotation)]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def find_fields(models: list[type[BaseModel]], name: str) -> list[FieldInfo]:
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
        field = next(iter(find_fields(models, step)), None)
        words += ("的" if words else "") + (field.title if field and field.title else field_title(step))
        models = find_models(field.annotation) if field else []
    return words


def field_title(name: str) -> str:
    """The Chinese title of a key, wherever it stands first in the model; 这一项 for one that is not known."""
    return _titles().get(name, "这一项")


@cache
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, title in _walk_titles(Case):
        found.setdefault(name, title)
    return found


def _walk_titles(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key with its title, a model's own before those below it."""
    fields = list(model.model_fields.items())
    yield from ((name, field.title or name) for name, field in fields)
    for _, field in fields:
        for part in find_models(field.annotation):
            yield from _walk_titles(part)
