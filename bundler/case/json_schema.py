"""The JSON Schema exported from the case model; schemas/case.schema.json holds it for editors and other tools."""

from __future__ import annotations

import json
from pathlib import Path

from bundler.case.model import Case

SCHEMA_NAME = "case.schema.json"


def schema_text() -> str:
    """The schema as the file's text: UTF-8, two spaces, keys in the model's order, one newline at the end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_folder() -> Path:
    """Where the exported schema lies: the checkout's folder, or the installed package's data."""
    checkout = Path(__file__).parents[2] / "schemas"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "schemas"
