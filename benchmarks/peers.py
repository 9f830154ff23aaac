"""What a user would use instead of the tool, one process for each case.

Usage: python benchmarks/peers.py {libreoffice|typst|chromium} PAPERS MATERIALS REG_NO OUT.pdf

Each fills the registration number (登记号) into the documents, typesets them, and joins them with the scans by qpdf.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def libreoffice(papers: Path, reg_no: str, work: Path) -> list[Path]:
    """Fill the Word templates with docxtpl, and convert them all in one LibreOffice process."""
    from docxtpl import DocxTemplate

    filled = []
    for path in sorted(papers.glob("*.docx")):
        template = DocxTemplate(path)
        template.render({"reg_no": reg_no}, autoescape=True)
        template.save(work / path.name)
        filled.append(str(work / path.name))
    command = ["soffice", f"-env:UserInstallation=file://{papers.parent}/office", "--headless", "--convert-to", "pdf"]
    _run(*command, "--outdir", str(work), *filled)
    return sorted(work.glob("*.pdf"))


def typst(papers: Path, reg_no: str, work: Path) -> list[Path]:
    """Compile the documents as one, with the Typst compiler as a library."""
    import typst as compiler

    from bundler.fonts.files import find_fonts

    text = "\n#pagebreak()\n".join(path.read_text(encoding="utf-8") for path in sorted(papers.glob("*.typ")))
    source, target = work / "all.typ", work / "all.pdf"
    source.write_text(text.replace("{{ reg_no }}", reg_no), encoding="utf-8")
    folders = sorted({str(found.path.parent) for found in find_fonts() if "Fandol" in found.path.name})
    compiler.compile(str(source), output=str(target), font_paths=folders, ignore_system_fonts=True)
    return [target]


def chromium(papers: Path, reg_no: str, work: Path) -> list[Path]:
    """Print the documents as one HTML page with Chromium."""
    text = "".join(
        f"<section style='break-before:page'>{path.read_text(encoding='utf-8')}</section>"
        for path in sorted(papers.glob("*.html"))
    )
    source, target = work / "all.html", work / "all.pdf"
    source.write_text(text.replace("{{ reg_no }}", reg_no), encoding="utf-8")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={work}/profile",
    )
    _run("chromium", *options, "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri())
    return [target]


PEERS: dict[str, Callable[[Path, str, Path], list[Path]]] = {
    "libreoffice": libreoffice,
    "typst": typst,
    "chromium": chromium,
}


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(peer: str, papers: Path, materials: Path, reg_no: str, target: Path) -> None:
    """Typeset the documents, then join them with the scans."""
    with tempfile.TemporaryDirectory() as name:
        parts = [*PEERS[peer](papers, reg_no, Path(name)), *sorted(materials.glob("*.pdf"))]
        _run("qpdf", "--empty", "--pages", *map(str, parts), "--", str(target))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
