"""Ways to spoil a bundle, each the one that a user, a careless program or a forger would take."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf

from bundler.bind.page_digest import PageDigester

Change = Callable[[pikepdf.Pdf], None]


def resaved(bundle: Path, target: Path, change: Change) -> Path:
    """Open, change, save: what most programs do."""
    with pikepdf.open(bundle) as pdf:
        change(pdf)
        pdf.save(target)
    return target


def swap_pages(pdf: pikepdf.Pdf) -> None:
    """The fifth and the seventh page change places."""
    fifth, seventh = pdf.pages[4], pdf.pages[6]
    pdf.pages[4], pdf.pages[6] = seventh, fifth


def take_a_page_out(pdf: pikepdf.Pdf) -> None:
    """The ninth page."""
    del pdf.pages[8]


def put_a_page_in(pdf: pikepdf.Pdf) -> None:
    """A blank one before the ninth."""
    pdf.add_blank_page()
    page = pdf.pages[-1]
    pdf.pages.insert(8, page)
    del pdf.pages[-1]


def write_on_a_page(pdf: pikepdf.Pdf) -> None:
    """A line across the sixth."""
    pdf.pages[5].contents_add(b"q 0 0 m 500 500 l S Q")


def embed_a_file(pdf: pikepdf.Pdf) -> None:
    """A file that no one listed."""
    pdf.attachments["备注.txt"] = b"new"


def edit_the_manifest(pdf: pikepdf.Pdf, change: Callable[[dict[str, Any]], None], name: str = "manifest.json") -> None:
    """Change the manifest, or another of that name, and embed it again under its name."""
    tree = json.loads(pdf.attachments[name].get_file().read_bytes())
    change(tree)
    del pdf.attachments[name]
    pdf.attachments[name] = json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"


def change_a_page_and_the_manifest(pdf: pikepdf.Pdf) -> None:
    """A page changed, and the manifest's digest of it made to fit."""
    contents = zlib.compress(b"q 0 0 m 500 500 l S Q")
    pdf.pages[5].obj.Contents = pdf.make_stream(contents, Filter=pikepdf.Name.FlateDecode)
    digest = PageDigester().digest(pdf.pages[5])
    edit_the_manifest(pdf, lambda tree: tree["page_digests"][5].update(sha256=digest))


def add_a_script(pdf: pikepdf.Pdf) -> None:
    """A script that runs when the file is opened."""
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def rename_an_entry_of_the_outline(pdf: pikepdf.Pdf) -> None:
    """The first paper's."""
    with pdf.open_outline() as outline:
        outline.root[0].children[0].title = "另一份文书　1"


def lead_the_index_elsewhere(pdf: pikepdf.Pdf) -> None:
    """Its first line, to the second paper."""
    first, other = pdf.pages[1].obj.Annots[0], pdf.pages[1].obj.Annots[-1]
    first.Dest = other.Dest


def number_the_pages_anew(pdf: pikepdf.Pdf) -> None:
    """Labels that begin at five."""
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.D, St=5)])


def take_the_manifest_out(pdf: pikepdf.Pdf) -> None:
    """As a program does that knows no embedded files."""
    del pdf.attachments["manifest.json"]


def change_the_case(pdf: pikepdf.Pdf) -> None:
    """The embedded case.json."""
    del pdf.attachments["case.json"]
    pdf.attachments["case.json"] = b"{}"


def nothing(pdf: pikepdf.Pdf) -> None:
    """Saved by another program, and nothing else."""


def append_an_update(bundle: Path, target: Path) -> Path:
    """An incremental update that redraws the sixth page, as an editor appends it."""
    data = bundle.read_bytes()
    with pikepdf.open(bundle) as pdf:
        number = pdf.pages[5].obj.objgen[0]
        root, info, size = pdf.Root.objgen[0], pdf.trailer.Info.objgen[0], int(pdf.trailer.Size)
        identifiers = pdf.trailer.ID.unparse().decode()
        page = pdf.pages[5].obj
        page.Contents = pikepdf.Array([])
        body = page.unparse(resolved=True)
    start = data.rindex(b"startxref\n") + 10
    before = int(data[start : data.index(b"\n", start)])
    place = len(data)
    update = f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    entries = f"/Root {root} 0 R /Info {info} 0 R /ID {identifiers} /Size {size} /Prev {before}"
    table = f"xref\n{number} 1\n{place:010d} 00000 n \ntrailer << {entries} >>\n"
    target.write_bytes(data + update + table.encode() + f"startxref\n{place + len(update)}\n%%EOF\n".encode())
    return target


def sha256(path: Path) -> str:
    """The digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
