"""What one case costs: CPU seconds, money at a stated price, memory, and bytes of the bundle against those of its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from process_timing import Timing

CORE_HOUR_YUAN = 0.30
"""Yuan for an hour of one core, unless `--price` gives another: near the list price of a general cloud machine with two
cores in China. On a court's own machine it stands for power and depreciation."""


@dataclass(frozen=True, slots=True)
class CaseCost:
    """The cost of one case.

    Attributes:
        work: what was done.
        cpu: CPU seconds of all processes together, those of the batch as a whole divided among its cases.
        memory: peak memory of the largest process, in MiB.
    """

    work: str
    cpu: float
    memory: float

    def yuan(self, price: float) -> float:
        """The price of the CPU seconds."""
        return self.cpu / 3600 * price


@dataclass(frozen=True, slots=True)
class BundleSize:
    """The bytes of a bundle, and of all that went into it: case.json and the materials."""

    what: str
    inputs: int
    bundle: int


def cost_of(work: str, timing: Timing) -> CaseCost:
    """The cost of a case from its timing."""
    return CaseCost(work, timing.cpu, timing.memory)


def measure_size(what: str, case: Path, bundle: Path) -> BundleSize:
    """Measure a bundle against its inputs."""
    materials = (path for path in (case / "materials").rglob("*") if path.is_file())
    inputs = (case / "case.json").stat().st_size + sum(path.stat().st_size for path in materials)
    return BundleSize(what, inputs, bundle.stat().st_size)


def format_costs(costs: Iterable[CaseCost], price: float) -> list[str]:
    """A table of costs in Markdown."""
    rows = [f"| {cost.work} | {cost.cpu:.2f} | {cost.yuan(price) * 1000:.2f} | {cost.memory:.0f} |" for cost in costs]
    return ["| one case | CPU s | yuan for 1,000 cases | memory MiB |", "|---|--:|--:|--:|", *rows]


def format_sizes(sizes: Iterable[BundleSize]) -> list[str]:
    """A table of sizes in Markdown."""
    rows = [f"| {size.what} | {size.inputs:,} | {size.bundle:,} | {size.bundle / size.inputs:.3f} |" for size in sizes]
    return ["| bundle | bytes of its inputs | bytes of the bundle | × |", "|---|--:|--:|--:|", *rows]
