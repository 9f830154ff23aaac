"""The works of the benchmark: what is run, beside what, and which target of the contract it is held against."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import reference
from measure import Command, Measured, in_turn, once
from peer_papers import write_papers
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
BUNDLER = (sys.executable, "-m", "bundler")
PEERS = ("libreoffice", "typst", "chromium")
TODAY = ("--today", reference.TODAY)
OURS = "bundler"


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the contract's table of speed.

    Attributes:
        text: what it asks.
        found: what was measured, in the same unit.
        limit: the bound.
        at_least: whether the bound is a lower one.
    """

    text: str
    found: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether what was measured keeps the bound."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


@dataclass(frozen=True, slots=True)
class Result:
    """One work: the medians of everyone who did it, and the targets."""

    title: str
    note: str
    measured: dict[str, Measured]
    targets: tuple[Target, ...] = ()


def work_check(work: Path, rounds: int) -> Result:
    """`check` on the sample, cold process, files seen before; beside importing pydantic and click."""
    del work
    found = in_turn(
        {
            OURS: lambda _: (*BUNDLER, "check", str(ROOT / "samples" / "write-off-complete"), *TODAY),
            "import pydantic, click": lambda _: (sys.executable, "-c", "import pydantic, click"),
        },
        rounds * 4,
    )
    ratio = found[OURS].cpu / found["import pydantic, click"].cpu
    target = Target("check: CPU time of importing pydantic and click ×", ratio, 3.5)
    return Result("check, cold process, the sample", "Ratios of CPU time.", found, (target,))


_EACH_TEMPLATE_ONCE = """
from bundler.documents.word_template import fill_template
from bundler.documents.definitions import find_templates_folder
from bundler.template_check.contracts import contracts
from bundler.template_check.example_views import example_views

for name, contract in contracts().items():
    if name.endswith(".docx"):
        fill_template(find_templates_folder(None) / name, example_views(contract, frozenset())[0])
"""
"""Importing docxtpl and filling each Word template once, with everything there: all that can be done without a proof."""


def work_templates(work: Path, rounds: int) -> Result:
    """`templates check` on all shipped templates, proof and trial; beside filling each of them once with docxtpl."""
    del work
    peer = "docxtpl, each template once"
    found = in_turn(
        {OURS: lambda _: (*BUNDLER, "templates", "check"), peer: lambda _: (sys.executable, "-c", _EACH_TEMPLATE_ONCE)},
        rounds,
    )
    ratio = found[OURS].cpu / found[peer].cpu
    target = Target("templates check: CPU time of importing docxtpl and rendering all templates once ×", ratio, 3)
    return Result("templates check, cold process, all shipped templates", "Ratios of CPU time.", found, (target,))


def work_build(work: Path, rounds: int) -> Result:
    """One reference bundle, cold process; the peers set the same papers and join the same scans."""
    case, papers = work / "case", work / "papers"
    reference.make_case(case, 1)
    write_papers(case, papers, "样信执2021-0001", reference.TODAY)
    commands: dict[str, Command] = {
        OURS: lambda _: (*BUNDLER, "build", str(case), "-o", str(work / "ours.pdf"), *TODAY),
        f"{OURS}, nothing kept": lambda number: _cold(case, work / f"cold-{number}"),
        **{peer: _peer(peer, case, papers, work) for peer in PEERS},
    }
    once(commands["libreoffice"](0))  # makes the user's profile, which every user has
    found = in_turn(commands, rounds)
    note = "; ".join(_same_pages(work / "ours.pdf", work / f"{peer}.pdf", peer) for peer in PEERS)
    targets = (
        Target("build, cold process: wall time of the LibreOffice pipeline ×", _wall(found, OURS, "libreoffice"), 0.5),
    )
    return Result("One write-off bundle: 12 typeset and 40 scanned pages", note, found, targets)


def _cold(case: Path, cache: Path) -> tuple[str, ...]:
    return ("env", f"XDG_CACHE_HOME={cache}", *BUNDLER, "build", str(case), "-o", str(cache) + ".pdf", *TODAY)


def _peer(peer: str, case: Path, papers: Path, work: Path) -> Command:
    script = str(Path(__file__).with_name("peers.py"))
    command = (sys.executable, script, peer, str(papers), str(case / "materials"), "样信执2021-0001")
    return lambda _: (*command, str(work / f"{peer}.pdf"))


def _same_pages(ours: Path, theirs: Path, peer: str) -> str:
    """That a peer's file holds the same scans and the same words; its own page count is told."""
    mine, other = PdfReader(ours), PdfReader(theirs)
    words = "".join("".join((page.extract_text() or "").split()) for page in mine.pages)
    said = "".join("".join((page.extract_text() or "").split()) for page in other.pages)
    lost = {character for character in words if "一" <= character <= "鿿"} - set(said)
    scans = sum(not (page.extract_text() or "").strip() for page in other.pages)
    if lost or scans != reference.SCANS:
        raise RuntimeError(f"{peer} did other work: {scans} scans, characters lost: {''.join(sorted(lost))}")
    return f"{peer}: {len(other.pages) - scans} typeset pages, {scans} scans, no character lost"


def _wall(found: dict[str, Measured], one: str, other: str) -> float:
    return found[one].wall / found[other].wall


def work_batch(work: Path, rounds: int, cases: int, peer_cases: int) -> Result:
    """A batch on one core, then again with nothing changed; the peers do some of the cases, one after the other."""
    del rounds
    folder, out = work / "cases", work / "out"
    for number in range(1, cases + 1):
        reference.make_case(folder / f"{number:03}", number)
    batch = (*BUNDLER, "batch", str(folder), "-o", str(out), *TODAY)
    cache = {"XDG_CACHE_HOME": str(work / "cache")}  # one that has never seen their files
    first = once((*batch, "--jobs", "1"), cache)
    again = once((*batch, "--jobs", "1"), cache)
    shutil.rmtree(out)
    seen = once((*batch, "--jobs", "1"), cache)
    shutil.rmtree(out)
    two = once((*batch, "--jobs", "2"), cache)
    case, papers = folder / "001", work / "batch-papers"
    write_papers(case, papers, "样信执2021-0001", reference.TODAY)
    once(_peer("libreoffice", case, papers, work)(0))  # makes the user's profile, which every user has
    found = {
        f"{OURS}, 1 worker, files never seen": _each(first, cases),
        f"{OURS}, 1 worker, files seen before": _each(seen, cases),
        f"{OURS}, 2 workers, files seen before": _each(two, cases),
        f"{OURS}, again, nothing changed": _each(again, cases),
    }
    for peer in PEERS:
        command = _peer(peer, case, papers, work)
        runs = [once(command(number)) for number in range(peer_cases)]
        totals = (sum(run[0] for run in runs), sum(run[1] for run in runs), max(run[2] for run in runs))
        found[peer] = _each(totals, peer_cases)
    targets = (
        Target(
            "batch, per core: times as many cases an hour as the LibreOffice pipeline",
            found["libreoffice"].wall / found[f"{OURS}, 1 worker, files never seen"].wall,
            4,
            at_least=True,
        ),
        Target(
            "the same, files seen before",
            found["libreoffice"].wall / found[f"{OURS}, 1 worker, files seen before"].wall,
            4,
            at_least=True,
        ),
        Target("batch again, nothing changed: share of the first run", again[0] / first[0], 0.05),
    )
    note = (
        f"{cases} cases; the peers did {peer_cases} of them. Figures are for one case; a batch does not wait for its "
        "workers' server, so that their CPU time and memory are not in its figures."
    )
    return Result("A batch of reference bundles", note, found, targets)


def _each(total: tuple[float, float, float], cases: int) -> Measured:
    return Measured(total[0] / cases, total[1] / cases, total[2], cases)


def work_scans(work: Path, rounds: int, sizes: tuple[int, ...]) -> Result:
    """Bundles of many scanned pages beside `qpdf --empty --pages` over the same files; each file was seen before.

    What a file costs that was never seen, every picture of it decoded and judged, is measured once, on its own line;
    files of a smaller size that return in a larger one are known by then.
    """
    found: dict[str, Measured] = {}
    largest = 0
    cache = {"XDG_CACHE_HOME": str(work / "cache")}  # one that has never seen them
    for pages in sizes:
        case = work / f"scans-{pages}"
        reference.make_long_case(case, pages)
        paths = sorted((case / "materials").glob("*.pdf"))
        largest = max(largest, *(path.stat().st_size for path in paths))
        ours = (*BUNDLER, "build", str(case), *TODAY, "-o", str(work / "long.pdf"))
        theirs = ("qpdf", "--empty", "--pages", *map(str, paths), "--", str(work / "qpdf.pdf"))
        found[f"{OURS}, {pages} pages never seen"] = Measured(*once(ours, cache), 1)
        found |= in_turn({f"{OURS}, {pages} pages": _same(ours), f"qpdf, {pages} pages": _same(theirs)}, rounds, cache)
    low, high = sizes[0], sizes[-1]
    middle = sizes[len(sizes) // 2]
    halves = _slope(found, OURS, middle, high) / _slope(found, OURS, low, middle) if low < middle < high else 1.0
    grown = (_memory(found, high) - _memory(found, low)) * 2**20 / (high - low)
    targets = (
        Target("each scanned page: time of qpdf --empty --pages ×", _ratio(found, low, high), 1.5),
        Target(f"each scanned page, {middle} to {high} pages: time of one from {low} to {middle} ×", halves, 1.25),
        Target("peak memory at the most pages: that at the fewest ×", _memory(found, high) / _memory(found, low), 1.5),
        Target("peak memory: bytes for each further scanned page", grown, 8192),
    )
    note = (
        f"The time of a page is the slope between sizes. The largest file has {largest / 2**20:.1f} MiB. "
        f"Each scanned page against qpdf, from {low} pages to "
        + ", ".join(f"{size}: {_ratio(found, low, size):.2f}" for size in sizes[1:])
        + "."
    )
    return Result("Bundles of many scanned pages", note, found, targets)


def _ratio(found: dict[str, Measured], low: int, high: int) -> float:
    """What a page costs us, as a multiple of what it costs qpdf."""
    return _slope(found, OURS, low, high) / _slope(found, "qpdf", low, high)


def _same(command: tuple[str, ...]) -> Command:
    """The same command every round."""
    return lambda _: command


def _slope(found: dict[str, Measured], who: str, low: int, high: int) -> float:
    return (found[f"{who}, {high} pages"].wall - found[f"{who}, {low} pages"].wall) / (high - low)


def _memory(found: dict[str, Measured], pages: int) -> float:
    return found[f"{OURS}, {pages} pages"].memory
