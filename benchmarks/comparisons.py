"""The comparisons of the benchmark: the command, the peers that do the same work, and the targets."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

import reference_cases
from case_costs import BundleSize, CaseCost, cost_of, measure_size
from peer_documents import write_documents
from process_timing import Command, Timing, time_alternately, time_command
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
BUNDLER = (sys.executable, "-m", "bundler")
PEERS = ("libreoffice", "typst", "chromium")
TODAY = ("--today", reference_cases.TODAY)
OURS = "bundler"
Run = tuple[float, float, float]
"""Wall seconds, CPU seconds and peak memory in MiB of one run."""
LINEAR_TO = 2000
"""Pages to which a page must not become dearer; the curve goes further."""


@dataclass(frozen=True, slots=True)
class Target:
    """A speed target.

    Attributes:
        text: what is measured, with its unit.
        value: the measured value.
        limit: the bound.
        at_least: the bound is a lower one.
    """

    text: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the measured value is within the bound."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Comparison:
    """The timings of every tool that did the same work, and the targets.

    Attributes:
        title, note: Markdown.
        timings: by the name of the tool, or of what it did.
        targets: the bounds.
        costs: what single cases cost.
        sizes: bundles against their inputs.
        curves: pages and seconds by tool, for bundles of many pages.
    """

    title: str
    note: str
    timings: dict[str, Timing]
    targets: tuple[Target, ...] = ()
    costs: tuple[CaseCost, ...] = ()
    sizes: tuple[BundleSize, ...] = ()
    curves: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)


def compile_modules() -> None:
    """Compile our modules, as an installer does; Python would do it at the first start otherwise."""
    compileall.compile_dir(str(ROOT / "bundler"), quiet=1)


def compare_check(folder: Path, rounds: int) -> Comparison:
    """Compare `check` on the sample, in a new process with cached files, with importing pydantic and click."""
    del folder
    timings = time_alternately(
        {
            OURS: lambda _: (*BUNDLER, "check", str(ROOT / "samples" / "write-off-complete"), *TODAY),
            "import pydantic, click": lambda _: (sys.executable, "-c", "import pydantic, click"),
        },
        rounds * 4,
    )
    ratio = timings[OURS].cpu / timings["import pydantic, click"].cpu
    target = Target("check: CPU time of importing pydantic and click ×", ratio, 3.5)
    return Comparison("check, cold process, the sample", "Ratios of CPU time.", timings, (target,))


_FILL_EACH_TEMPLATE = """
from bundler.documents import word_template
from bundler.documents.word_template import fill_template
from bundler.documents.definitions import find_templates_folder
from bundler.template_check.template_contracts import contracts
from bundler.template_check.example_views import example_views

word_template.load_prepared = lambda name: None
word_template.store_prepared = lambda *_: None
for name, contract in contracts().items():
    if name.endswith(".docx"):
        fill_template(find_templates_folder(None) / name, example_views(contract, frozenset())[0])
"""
"""Imports docxtpl and fills each Word template once with a full example, as docxtpl does it, without what we keep of templates."""


def compare_templates(folder: Path, rounds: int) -> Comparison:
    """Compare `templates check` on all shipped templates with filling each of them once with docxtpl.

    What an earlier run found sound is not filled again, so a run with an empty cache has a line of its own, and its peer too.
    """
    peer, fresh = "docxtpl, each template once", "nothing kept"
    check, fill = (*BUNDLER, "templates", "check"), (sys.executable, "-c", _FILL_EACH_TEMPLATE)

    def without_cache(command: tuple[str, ...], who: str) -> Command:
        return lambda number: ("env", f"XDG_CACHE_HOME={folder / f'{who}-{number}'}", *command)

    time_command(check)
    timings = time_alternately(
        {
            OURS: _constant(check),
            peer: _constant(fill),
            f"{OURS}, {fresh}": without_cache(check, "ours"),
            f"{peer}, {fresh}": without_cache(fill, "theirs"),
        },
        rounds,
    )
    text = "CPU time of importing docxtpl and rendering all templates once ×"
    again = timings[OURS].cpu / timings[peer].cpu
    first = timings[f"{OURS}, {fresh}"].cpu / timings[f"{peer}, {fresh}"].cpu
    targets = (
        Target(f"templates check, the first: {text}", first, 3),
        Target(f"templates check, nothing changed since the last: {text}", again, 3),
    )
    return Comparison("templates check, cold process, all shipped templates", "Ratios of CPU time.", timings, targets)


def compare_build(folder: Path, rounds: int) -> Comparison:
    """Compare a build of one reference bundle, in a new process, with peers that typeset the same documents and join the same scans."""
    case, papers = folder / "case", folder / "papers"
    reference_cases.make_case(case, 1)
    write_documents(case, papers, "样信执2021-0001", reference_cases.TODAY)
    commands: dict[str, Command] = {
        OURS: lambda _: (*BUNDLER, "build", str(case), "-o", str(folder / "ours.pdf"), *TODAY),
        f"{OURS}, nothing kept": lambda number: _uncached_build(case, folder / f"cold-{number}"),
        **{peer: _peer_command(peer, case, papers, folder) for peer in PEERS},
    }
    time_command(commands["libreoffice"](0))  # any user already has a LibreOffice profile
    timings = time_alternately(commands, rounds)
    note = "; ".join(_check_same_content(folder / "ours.pdf", folder / f"{peer}.pdf", peer) for peer in PEERS)
    targets = (
        Target(
            "build, cold process: wall time of the LibreOffice pipeline ×",
            _wall_ratio(timings, OURS, "libreoffice"),
            0.5,
        ),
    )
    costs = (
        cost_of("`build`, files seen before", timings[OURS]),
        cost_of("`build`, nothing kept", timings[f"{OURS}, nothing kept"]),
    )
    sizes = (measure_size("the reference case", case, folder / "ours.pdf"), *_measure_samples(folder))
    title = "One write-off bundle: 12 typeset and 40 scanned pages"
    return Comparison(title, note, timings, targets, costs, sizes)


def _measure_samples(folder: Path) -> list[BundleSize]:
    """Build the samples that are complete, and measure each against its inputs."""
    found = []
    for name in ("write-off-complete", "archive-complete", "declined"):
        case, target = Path(shutil.copytree(ROOT / "samples" / name, folder / name)), folder / f"{name}.pdf"
        time_command((*BUNDLER, "build", str(case), "-o", str(target), *TODAY))
        found.append(measure_size(f"samples/{name}", case, target))
    return found


def _uncached_build(case: Path, cache: Path) -> tuple[str, ...]:
    return ("env", f"XDG_CACHE_HOME={cache}", *BUNDLER, "build", str(case), "-o", str(cache) + ".pdf", *TODAY)


def _peer_command(peer: str, case: Path, papers: Path, folder: Path) -> Command:
    script = str(Path(__file__).with_name("peers.py"))
    command = (sys.executable, script, peer, str(papers), str(case / "materials"), "样信执2021-0001")
    return lambda _: (*command, str(folder / f"{peer}.pdf"))


def _check_same_content(ours: Path, theirs: Path, peer: str) -> str:
    """Check that a peer's file has the same scans and characters; return a note with its page count.

    Raises:
        RuntimeError: it has not.
    """
    own, other = PdfReader(ours), PdfReader(theirs)
    words = "".join("".join((page.extract_text() or "").split()) for page in own.pages)
    other_words = "".join("".join((page.extract_text() or "").split()) for page in other.pages)
    lost = {character for character in words if "一" <= character <= "鿿"} - set(other_words)
    scans = sum(not (page.extract_text() or "").strip() for page in other.pages)
    if lost or scans != reference_cases.SCANS:
        raise RuntimeError(f"{peer} did other work: {scans} scans, characters lost: {''.join(sorted(lost))}")
    return f"{peer}: {len(other.pages) - scans} typeset pages, {scans} scans, no character lost"


def _wall_ratio(timings: dict[str, Timing], one: str, other: str) -> float:
    return timings[one].wall / timings[other].wall


def compare_batch(folder: Path, rounds: int, cases: int, peer_cases: int) -> Comparison:
    """Compare a batch, and a second run without changes, with peers that do some of the cases one by one.

    What is compared runs on one core. A case is typeset in a process beside the one that drafts, and LibreOffice has threads,
    so on several cores the time would tell who was alone on the machine, and not what a core gets done.
    """
    del rounds
    cases_folder, out = folder / "cases", folder / "out"
    for number in range(1, cases + 1):
        reference_cases.make_case(cases_folder / f"{number:03}", number)
    batch = (*BUNDLER, "batch", str(cases_folder), "-o", str(out), *TODAY)
    cache = {"XDG_CACHE_HOME": str(folder / "cache")}  # without their files
    on_one_core = ("taskset", "--cpu-list", str(min(os.sched_getaffinity(0))))
    case, papers = cases_folder / "001", folder / "batch-papers"
    write_documents(case, papers, "样信执2021-0001", reference_cases.TODAY)
    peers = {peer: _peer_command(peer, case, papers, folder) for peer in PEERS}
    time_command(peers["libreoffice"](0))  # any user already has a LibreOffice profile
    peer_runs: dict[str, list[Run]] = {peer: [] for peer in PEERS}

    def run_peers(share: int) -> None:
        """Do a share of the peers' cases; a machine is faster at one minute than at another, so they stand around ours."""
        for number in range(peer_cases * (share - 1) // 3, peer_cases * share // 3):
            for peer, command in peers.items():
                peer_runs[peer].append(time_command((*on_one_core, *command(number))))

    run_peers(1)
    first = time_command((*on_one_core, *batch, "--jobs", "1"), cache)
    run_peers(2)
    again = time_command((*on_one_core, *batch, "--jobs", "1"), cache)
    shutil.rmtree(out)
    cached = time_command((*on_one_core, *batch, "--jobs", "1"), cache)
    run_peers(3)
    shutil.rmtree(out)
    one = time_command((*batch, "--jobs", "1"), cache)
    shutil.rmtree(out)
    two = time_command((*batch, "--jobs", "2"), cache)
    shutil.rmtree(out)
    cluster, idle = _time_on_cluster(batch, folder, cache)
    timings = {
        f"{OURS}, on one core, files never seen": _per_case(first, cases),
        f"{OURS}, on one core, files seen before": _per_case(cached, cases),
        f"{OURS}, on all cores, 1 worker, files seen before": _per_case(one, cases),
        f"{OURS}, on all cores, 2 workers, files seen before": _per_case(two, cases),
        f"{OURS}, on all cores, 2 Dask workers, files seen before": _per_case(cluster, cases),
        f"{OURS}, on one core, again, nothing changed": _per_case(again, cases),
    }
    for peer, runs in peer_runs.items():
        totals = (sum(run[0] for run in runs), sum(run[1] for run in runs), max(run[2] for run in runs))
        timings[f"{peer}, on one core"] = _per_case(totals, peer_cases)
    libreoffice = timings["libreoffice, on one core"].wall
    targets = (
        Target(
            "batch, per core: times as many cases an hour as the LibreOffice pipeline",
            libreoffice / timings[f"{OURS}, on one core, files seen before"].wall,
            4,
            at_least=True,
        ),
        Target(
            "the same, files never seen",
            libreoffice / timings[f"{OURS}, on one core, files never seen"].wall,
            2.5,
            at_least=True,
        ),
        Target("batch again, nothing changed: share of the first run", again[0] / first[0], 0.05),
    )
    note = (
        f"{cases} cases; the peers did {peer_cases} of them. Figures are for one case; of a batch they include its share of "
        f"the start, the server of the workers and the reports. A Dask cluster of two workers costs {idle[1]:.1f} CPU s and "
        f"{idle[0]:.1f} s of waiting to start and stop, which are not in its line, and "
        f"{(cluster[1] - two[1]) / cases:.3f} CPU s more for each case than two workers without it."
    )
    costs = tuple(
        cost_of(f"`batch`, {what}", timings[f"{OURS}, {what}"])
        for what in (
            "on one core, files never seen",
            "on one core, files seen before",
            "on all cores, 1 worker, files seen before",
            "on all cores, 2 workers, files seen before",
            "on all cores, 2 Dask workers, files seen before",
            "on one core, again, nothing changed",
        )
    )
    return Comparison("A batch of reference bundles", note, timings, targets, costs)


def _time_on_cluster(batch: tuple[str, ...], folder: Path, env: dict[str, str]) -> tuple[Run, Run]:
    """Run a batch on two Dask workers of this machine, and start and stop such a cluster with nothing to do.

    Returns:
        Wall seconds, CPU seconds and memory of the batch without those of the cluster's own start, and of that start.
    """
    script = (sys.executable, str(Path(__file__).with_name("cluster_batch.py")), str(folder / "seconds.json"), "2")
    idle = time_command(script, env)
    _, cpu, memory = time_command((*script, *batch), env)
    seconds = float(json.loads((folder / "seconds.json").read_text(encoding="ascii")))
    return (seconds, cpu - idle[1], memory), idle


def _per_case(total: tuple[float, float, float], cases: int) -> Timing:
    return Timing(total[0] / cases, total[1] / cases, total[2], cases)


def compare_scans(folder: Path, rounds: int, sizes: tuple[int, ...]) -> Comparison:
    """Compare bundles of many scanned pages with `qpdf --empty --pages` on the same files, which are in the cache.

    A line of its own gives the time with files that are not cached, whose images are all decoded and checked; a larger
    size contains the files of the smaller ones, which are cached by then.
    """
    timings: dict[str, Timing] = {}
    largest: dict[int, int] = {}
    cache = {"XDG_CACHE_HOME": str(folder / "cache")}  # without these files
    for pages in sizes:
        case = folder / f"scans-{pages}"
        reference_cases.make_long_case(case, pages)
        paths = sorted((case / "materials").glob("*.pdf"))
        largest[pages] = max(path.stat().st_size for path in paths)
        bundle = folder / f"{case.name}.pdf"  # a bundle is never replaced by one of another case
        ours = (*BUNDLER, "build", str(case), *TODAY, "-o", str(bundle))
        theirs = ("qpdf", "--empty", "--pages", *map(str, paths), "--", str(folder / "qpdf.pdf"))
        timings[f"{OURS}, {pages} pages never seen"] = Timing(*time_command(ours, cache), 1)
        timings |= time_alternately(
            {f"{OURS}, {pages} pages": _constant(ours), f"qpdf, {pages} pages": _constant(theirs)},
            rounds if pages <= LINEAR_TO else 1,
            cache,
        )
        shutil.rmtree(case)
        bundle.unlink()
    bounded = [size for size in sizes if size <= LINEAR_TO] or list(sizes)
    low, middle, high = bounded[0], bounded[len(bounded) // 2], bounded[-1]
    by_the_clock, in_cpu_time = (
        _page_time(timings, OURS, middle, high, measure) / _page_time(timings, OURS, low, middle, measure)
        if low < middle < high
        else 1.0
        for measure in (attrgetter("wall"), attrgetter("cpu"))
    )
    # Memory is bounded by the largest file, so its growth is measured between sizes that have files as large.
    full = next(size for size in bounded if largest[size] == largest[high])
    grown = (_memory(timings, high) - _memory(timings, full)) * 2**20 / max(high - full, 1)
    targets = (
        Target("each scanned page: time of qpdf --empty --pages ×", _page_ratio(timings, low, high), 1.5),
        Target(
            f"each scanned page, {middle} to {high} pages: time of one from {low} to {middle} ×", by_the_clock, 1.25
        ),
        Target(
            "peak memory at the most pages: that at the fewest ×", _memory(timings, high) / _memory(timings, low), 1.5
        ),
        Target(f"peak memory: bytes for each scanned page beyond {full}", grown, 8192),
    )
    note = (
        f"The time of a page is the slope between sizes. The largest file has {largest[high] / 2**20:.1f} MiB, and cases from {full} pages on have one. "
        f"Each scanned page against qpdf, from {low} pages to "
        + ", ".join(f"{size}: {_page_ratio(timings, low, size):.2f}" for size in sizes[1:])
        + f". In CPU time a page from {middle} to {high} takes {in_cpu_time:.2f} times one from {low} to {middle}."
    )
    curves = {
        name: tuple(
            (pages, timings[f"{OURS if name == f'{OURS}, seen' else 'qpdf'}, {pages} pages"].wall) for pages in sizes
        )
        for name in (f"{OURS}, seen", "qpdf")
    }
    curves[f"{OURS}, never seen"] = tuple((pages, timings[f"{OURS}, {pages} pages never seen"].wall) for pages in sizes)
    return Comparison("Bundles of many scanned pages", note, timings, targets, curves=curves)


def _page_ratio(timings: dict[str, Timing], low: int, high: int) -> float:
    """Return the time of a page as a multiple of qpdf's."""
    return _page_time(timings, OURS, low, high) / _page_time(timings, "qpdf", low, high)


def _constant(command: tuple[str, ...]) -> Command:
    """Return a command that is the same in every round."""
    return lambda _: command


def _page_time(
    timings: dict[str, Timing],
    who: str,
    low: int,
    high: int,
    measure: Callable[[Timing], float] = attrgetter("wall"),
) -> float:
    """Return the seconds that one page more takes between two sizes."""
    return (measure(timings[f"{who}, {high} pages"]) - measure(timings[f"{who}, {low} pages"])) / (high - low)


def _memory(timings: dict[str, Timing], pages: int) -> float:
    return timings[f"{OURS}, {pages} pages"].memory
