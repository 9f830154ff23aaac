"""Checks of a PDF's structure: page tree, object streams, hidden layers, and objects lost from a damaged file."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from bundler.file_record import FileProblem
from bundler.materials.pdf_objects import walk_objects

MAX_PAGES = 10_000
MAX_TREE_DEPTH = 100
MAX_PACKED = 64 * 1024 * 1024
"""Bytes of objects kept packed together."""
MAX_AGAIN = 100
"""A page that is listed once more is shown once more; thousands of such are a bomb."""

_AGAIN = "请重新扫描，或者重新导出 PDF。"
_LOOPED = FileProblem("FILE-DAMAGED", "已损坏：页面目录有循环，或者反复列出同一页。", _AGAIN)
TOO_MANY = FileProblem("FILE-TOO-LARGE", "页数过多。", "请分成几个文件。")


def check_page_tree(pdf: pikepdf.Pdf) -> FileProblem | None:
    """What is wrong with the page tree as it is written; `pages` is not touched, since it mends the tree in silence.

    A root that is no tree is left to the library, which finds the tree or refuses the file.
    """
    top = _tree_top(pdf)
    if not _is_node(top):
        return None
    nodes, seen = [(top, 0)], {top.objgen}
    listed = leaves = lost = again = 0
    while nodes:
        node, depth = nodes.pop()
        kids: Any = node.get("/Kids")
        listed += len(kids)
        if listed > 2 * MAX_PAGES:
            return TOO_MANY
        for kid in kids:
            known = _is_known(kid, seen)
            again += known
            if _is_node(kid):
                if known or depth >= MAX_TREE_DEPTH:
                    return _LOOPED
                nodes.append((kid, depth + 1))
            elif _is_leaf(kid):
                leaves += 1
            else:
                lost += 1
        if again > MAX_AGAIN:
            return _LOOPED
    return _lost_pages(top.get("/Count"), leaves, lost)


def _lost_pages(count: object, leaves: int, lost: int) -> FileProblem | None:
    """Compare the pages that the tree claims with those that it has."""
    if leaves > MAX_PAGES:
        return TOO_MANY
    if isinstance(count, int) and count != leaves:
        message = f"已损坏：页面目录写明有 {count} 页，实际有 {leaves} 页。"
        return FileProblem("FILE-DAMAGED", message, _AGAIN)
    if lost:
        return FileProblem("FILE-DAMAGED", f"已损坏：页面目录里有 {lost} 处指向的不是页面，可能丢了页。", _AGAIN)
    return None


def _tree_top(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    """The root of the page tree; some catalogs name a node below it."""
    top: Any = pdf.Root.get("/Pages")
    for _ in range(MAX_TREE_DEPTH):
        above = top.get("/Parent") if isinstance(top, pikepdf.Dictionary) else None
        if not isinstance(above, pikepdf.Dictionary):
            break
        top = above
    return top


def _is_node(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, pikepdf.Dictionary) and isinstance(thing.get("/Kids"), pikepdf.Array)


def _is_known(thing: Any, seen: set[tuple[int, int]]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an object of its own was met before; it is remembered."""
    if not isinstance(thing, pikepdf.Dictionary) or not thing.is_indirect:
        return False
    known = thing.objgen in seen
    seen.add(thing.objgen)
    return known


def _is_leaf(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Some tools leave a page's type out; a font in a page's place has nothing of a page."""
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    return thing.get("/Type") == "/Page" or "/Contents" in thing or "/MediaBox" in thing


def check_object_streams(pdf: pikepdf.Pdf, data: bytes) -> FileProblem | None:
    """A file whose objects lie packed in streams that swell beyond what papers have."""
    if b"ObjStm" not in data:
        return None
    packed: list[Any] = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
    size = sum(len(stream.read_bytes()) for stream in packed if stream.get("/Type") == "/ObjStm")
    return FileProblem("FILE-TOO-LARGE", "展开后过大。", _AGAIN) if size > MAX_PACKED else None


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


_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")


def was_repaired(pdf: pikepdf.Pdf) -> bool:
    """Whether the library had to search the file for its objects, so that some may be gone; to be asked once.

    The library forgets its warnings when it has told them.
    """
    told = " ".join(map(str, pdf.get_warnings()))
    return any(word in told for word in ("reconstruct", "repair", "xref"))


def has_missing_objects(page: pikepdf.Page, content: bytes) -> bool:
    """Whether a page of such a file has no content, or draws a picture that is not there.

    A sound file may have a page without content; a reference to an object that is gone looks the same to the library.
    """
    if "/Contents" not in page.obj:
        return True
    resources: Any = page.obj.get("/Resources") or page.resources
    drawn: Any = resources.get("/XObject", {}) if isinstance(resources, pikepdf.Dictionary) else {}
    return any(f"/{name.decode('latin-1')}" not in drawn for name in _DRAWN.findall(content))
