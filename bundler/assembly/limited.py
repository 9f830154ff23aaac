"""The making of a bundle in a process with limits: what foreign files and templates do to a library ends there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bundler.assembly.build import prepare, write
from bundler.assembly.examine import Examined
from bundler.bind.join import Bound
from bundler.errors import CaseError
from bundler.pages.volume import Volume
from bundler.sandbox import MEMORY_BYTES, FailedError, Limits, OverLimitError, Tell, run_limited

_SECONDS = 300
_FILE_BYTES = 1024**3
_TIMES_INPUT = 4
"""So many bytes of memory and of output each byte of input may cost, beside what every bundle may."""


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was made; `bound` is None where nothing was to be written."""

    volume: Volume
    bound: Bound | None


def make(examined: Examined, templates: Path, target: Path | None, listen: Tell) -> Made:
    """Draft, set, number and join the bundle of a complete case, under limits.

    Args:
        examined: the case, which the gate has let through.
        templates: their folder.
        target: where to write; None: nowhere.
        listen: told each step as a text, and once, as a number, how many papers there are to be joined.

    Raises:
        CaseError: it went over a limit, or a library died of a file.
        BundlerError: as `prepare` and `write` say.
    """
    size = sum(record.size for record in examined.records.values())
    pages = sum(len(record.pages) for record in examined.records.values())
    limits = Limits(
        memory=2 * MEMORY_BYTES + _TIMES_INPUT * size,
        seconds=_SECONDS + pages,
        file_bytes=_FILE_BYTES + _TIMES_INPUT * size,
    )
    doing = ""

    def hear(news: str | int) -> None:
        nonlocal doing
        doing = news if isinstance(news, str) else doing
        listen(news)

    try:
        return run_limited(
            _make,
            examined,
            templates,
            target,
            limits=limits,
            listen=hear,
        )
    except OverLimitError:
        what, code = "用的内存或者时间过多", "FILE-TOO-LARGE"
    except FailedError:
        what, code = "出错", "FILE-DAMAGED"
    raise CaseError(f"制作“{doing}”时{what}，没有成卷。", fix="请重新扫描这一份，或者换一个文件，再成卷。", code=code)


def _make(tell: Tell, examined: Examined, templates: Path, target: Path | None) -> Made:
    prepared = prepare(examined, templates, tell)
    tell(len(prepared.volume.papers))
    return Made(prepared.volume, write(prepared, target, tell) if target else None)
