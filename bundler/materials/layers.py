"""Layers of a PDF that are not shown: they would come to light when their page is bound."""

from __future__ import annotations

from typing import Any

import pikepdf

from bundler.materials.pdf_objects import walk_objects

_TURNED_ROUND = frozenset({"/AllOff", "/AnyOff"})
"""Policies that hide something while its layers are shown."""


def has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    """Whether a viewer hides anything of the file, by whatever way a layer has to be hidden."""
    layers: Any = pdf.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return False
    default = layers.get("/D", pikepdf.Dictionary())
    if len(default.get("/OFF", [])) or str(default.get("/BaseState", "/ON")) != "/ON":
        return True
    listed = [layer for layer in layers.get("/OCGs", []) if isinstance(layer, pikepdf.Dictionary)]
    if len(default.get("/AS", [])) and any(_is_off_on_screen(layer) for layer in listed):
        return True
    pages = [page.obj for page in pdf.pages]
    marks = [page["/Annots"] for page in pages if isinstance(page.get("/Annots"), pikepdf.Array)]
    return any(_hides(part) for part in walk_objects(pages + marks))


def _is_off_on_screen(layer: Any) -> bool:  # noqa: ANN401 (a PDF object)
    usage = layer.get("/Usage")
    view = usage.get("/View") if isinstance(usage, pikepdf.Dictionary) else None
    return isinstance(view, pikepdf.Dictionary) and str(view.get("/ViewState")) == "/OFF"


def _hides(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part's membership in layers is an expression, or the other way round."""
    return str(part.get("/Type")) == "/OCMD" and ("/VE" in part or str(part.get("/P")) in _TURNED_ROUND)
