"""Checks of a PDF's structure: page tree, object streams, hidden layers, and objects missing from a damaged file."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from bundler.file_inspection_record import FileProblem
from bundler.materials.pdf_objects import walk_objects

MAX_PAGES = 10_000
MAX_TREE_DEPTH = 100
MAX_OBJECT_STREAMS = 64 * 1024 * 1024
"""Bytes of all object streams, decompressed."""
MAX_REPEATED_PAGES = 100
"""A page that the tree lists twice is shown twice; a file with thousands of such pages is a bomb."""

_EXPORT_AGAIN = "请重新扫描，或者重新导出 PDF。"
_LOOP = FileProblem("FILE-DAMAGED", "已损坏：页面目录有循环，或者反复列出同一页。", _EXPORT_AGAIN)
TOO_MANY = FileProblem("FILE-TOO-LARGE", "页数过多。", "请分成几个文件。")
_INVERTED_POLICIES = frozenset({"/AllOff", "/AnyOff"})
"""Visibility policies of layers (OCMD) that hide content while the layers are on."""
_HEAD = 2048
"""Bytes at the beginning of a file that say whether it is linearized."""
_DO_OPERATOR = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")


def check_page_tree(pdf: pikepdf.Pdf) -> FileProblem | None:
    """Check the page tree as it is written in the file.

    ``pdf.pages`` must not have been used: pikepdf silently repairs the tree when it reads it. If the root is no tree at
    all, nothing is reported, because pikepdf then finds the tree elsewhere or refuses the file.
    """
    root = _tree_root(pdf)
    if not _is_node(root):
        return None
    nodes, seen = [(root, 0)], {root.objgen}
    listed = leaves = not_pages = repeated = 0
    while nodes:
        node, depth = nodes.pop()
        kids: Any = node.get("/Kids")
        listed += len(kids)
        if listed > 2 * MAX_PAGES:
            return TOO_MANY
        for kid in kids:
            is_repeated = _was_seen(kid, seen)
            repeated += is_repeated
            if _is_node(kid):
                if is_repeated or depth >= MAX_TREE_DEPTH:
                    return _LOOP
                nodes.append((kid, depth + 1))
            elif _is_leaf(kid):
                leaves += 1
            else:
                not_pages += 1
        if repeated > MAX_REPEATED_PAGES:
            return _LOOP
    return _compare_page_count(root.get("/Count"), leaves, not_pages)


def _compare_page_count(count: object, leaves: int, not_pages: int) -> FileProblem | None:
    """Compare the number of pages that the tree states with those that it has."""
    if leaves > MAX_PAGES:
        return TOO_MANY
    if isinstance(count, int) and count != leaves:
        message = f"已损坏：页面目录写明有 {count} 页，实际有 {leaves} 页。"
        return FileProblem("FILE-DAMAGED", message, _EXPORT_AGAIN)
    if not_pages:
        message = f"已损坏：页面目录里有 {not_pages} 处指向的不是页面，可能丢了页。"
        return FileProblem("FILE-DAMAGED", message, _EXPORT_AGAIN)
    return None


def _tree_root(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    """Return the root of the page tree; some catalogs refer to a node below it."""
    root: Any = pdf.Root.get("/Pages")
    for _ in range(MAX_TREE_DEPTH):
        parent = root.get("/Parent") if isinstance(root, pikepdf.Dictionary) else None
        if not isinstance(parent, pikepdf.Dictionary):
            break
        root = parent
    return root


def _is_node(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, pikepdf.Dictionary) and isinstance(thing.get("/Kids"), pikepdf.Array)


def _was_seen(thing: Any, seen: set[tuple[int, int]]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an indirect object was seen before; adds it to those seen."""
    if not isinstance(thing, pikepdf.Dictionary) or not thing.is_indirect:
        return False
    known = thing.objgen in seen
    seen.add(thing.objgen)
    return known


def _is_leaf(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether it is a page; some tools omit its type, so a key that only pages have is enough."""
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    return thing.get("/Type") == "/Page" or "/Contents" in thing or "/MediaBox" in thing


def check_object_streams(pdf: pikepdf.Pdf, data: bytes) -> FileProblem | None:
    """Refuse a file whose object streams decompress to more than real papers have."""
    if b"ObjStm" not in data:
        return None
    streams: list[Any] = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
    size = sum(len(stream.read_bytes()) for stream in streams if stream.get("/Type") == "/ObjStm")
    return FileProblem("FILE-TOO-LARGE", "展开后过大。", _EXPORT_AGAIN) if size > MAX_OBJECT_STREAMS else None


def may_be_read_otherwise(data: bytes) -> bool:
    """Whether a file was changed by appending to it, or has two kinds of cross-references: viewers may then find other objects."""
    tables = data.count(b"startxref")
    return tables > (2 if b"/Linearized" in data[:_HEAD] else 1) or b"/XRefStm" in data


def has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    """Whether a viewer hides anything by a layer (optional content): it could appear once the page is bound."""
    properties: Any = pdf.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return False
    default = properties.get("/D")
    if not isinstance(default, pikepdf.Dictionary):
        default = pikepdf.Dictionary()
    if _items(default.get("/OFF")) or str(default.get("/BaseState", "/ON")) != "/ON":
        return True
    layers = [layer for layer in _items(properties.get("/OCGs")) if isinstance(layer, pikepdf.Dictionary)]
    if _items(default.get("/AS")) and any(_is_off_on_screen(layer) for layer in layers):
        return True
    pages = [page.obj for page in pdf.pages]
    annotations = [page["/Annots"] for page in pages if isinstance(page.get("/Annots"), pikepdf.Array)]
    return any(_may_hide(part) for part in walk_objects(pages + annotations))


def _items(thing: Any) -> list[Any]:  # noqa: ANN401 (a PDF object)
    """Return what an array holds; viewers pass over anything else in its place."""
    return list(thing) if isinstance(thing, pikepdf.Array) else []


def _is_off_on_screen(layer: Any) -> bool:  # noqa: ANN401 (a PDF object)
    usage = layer.get("/Usage")
    view = usage.get("/View") if isinstance(usage, pikepdf.Dictionary) else None
    return isinstance(view, pikepdf.Dictionary) and str(view.get("/ViewState")) == "/OFF"


def _may_hide(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part's visibility depends on layers by an expression or an inverted policy."""
    return str(part.get("/Type")) == "/OCMD" and ("/VE" in part or str(part.get("/P")) in _INVERTED_POLICIES)


def was_repaired(pdf: pikepdf.Pdf) -> bool:
    """Whether pikepdf had to search the file for its objects, so that some may be missing.

    Call it once: pikepdf forgets its warnings when it returns them.
    """
    warnings = " ".join(map(str, pdf.get_warnings()))
    return any(word in warnings for word in ("reconstruct", "xref"))


def has_missing_objects(page: pikepdf.Page, content: bytes) -> bool:
    """Whether a page of a repaired file has no content, or draws an object that the file no longer has.

    In a sound file a page may have no content; pikepdf reads a reference to a missing object in the same way.
    """
    if "/Contents" not in page.obj:
        return True
    resources: Any = page.obj.get("/Resources") or page.resources
    objects: Any = resources.get("/XObject", {}) if isinstance(resources, pikepdf.Dictionary) else {}
    return any(f"/{name.decode('latin-1')}" not in objects for name in _DO_OPERATOR.findall(content))
