"""Where the templates are."""

from __future__ import annotations

from pathlib import Path


def find_templates_folder(given: Path | None) -> Path:
    """The templates: a court's own, the checkout's, or those installed with the package."""
    checkout = Path(__file__).parents[2] / "templates"
    return given or (checkout if checkout.is_dir() else Path(__file__).parents[1] / "_data" / "templates")
