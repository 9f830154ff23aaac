"""The JSON Schema of case.json, exported from the model; schemas/case.schema.json is its copy for editors and tools."""

from __future__ import annotations

import json
from pathlib import Path

from bundler.case.model import Case

SCHEMA_NAME = "case.schema.json"


def schema_text() -> str:
    """The schema as text: indented by two spaces, keys in the model's order, a newline at the end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_folder() -> Path:
    """The folder of the exported schema: that of the checkout, or the data of the installed package."""
    checkout = Path(__file__).parents[2] / "schemas"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "schemas"
