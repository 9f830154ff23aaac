"""OUT kept in order: what an interrupted run left half-made goes; what belongs to no case of now is moved aside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bundler.batch.build_cache import digest_of, forget, noted
from bundler.batch.task import STATE, SUBMISSION
from bundler.errors import OutputError, output_error
from bundler.reports.case_result import BUNDLES, REMOVED, RETURNED, CaseResult, Removed

_HALF_MADE = ".bundler-"
"""How the names of files begin that are not yet in their place."""


def prepare_out(out: Path) -> None:
    """Make OUT and its folders.

    Raises:
        OutputError: they cannot be made.
    """
    try:
        for name in (BUNDLES, RETURNED, STATE):
            (out / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def remove_partial_files(out: Path) -> None:
    """Remove what an earlier run was writing when it was stopped; the lock is held, so that nobody writes it now."""
    for folder in (out, *(out / name for name in (BUNDLES, RETURNED, STATE))):
        for path in sorted(folder.glob(f"{_HALF_MADE}*")):
            drop(path)


def drop(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def move_aside(out: Path, results: Sequence[CaseResult]) -> tuple[Removed, ...]:
    """Move what no case of this run stands behind to ``removed/``, and tell of everything that lies there.

    A notice whose case is complete by now is done with, and removed.

    Raises:
        OutputError: something cannot be moved.
    """
    claimed = {result.output for result in results}
    stems = {Path(output).stem for output in claimed if output.startswith(BUNDLES)}
    try:
        for path in _unclaimed(out, claimed):
            if path.parent.name == RETURNED and path.stem in stems:
                drop(path)
            else:
                (out / REMOVED).mkdir(exist_ok=True)
                path.replace(_free_name(out / REMOVED, path))
    except OSError as error:
        raise output_error(out / REMOVED, error) from error
    return _told(out, claimed)


def _unclaimed(out: Path, claimed: set[str]) -> Iterator[Path]:
    for folder in (BUNDLES, RETURNED):
        for path in sorted((out / folder).iterdir()):
            if f"{folder}/{path.name}" not in claimed and not path.name.startswith("."):
                yield path


def _free_name(folder: Path, path: Path) -> Path:
    """A name there: the same where it is free or holds the same bytes, else numbered."""
    target, number = folder / path.name, 1
    while target.exists() and digest_of(target) != digest_of(path):
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return target


def _told(out: Path, claimed: set[str]) -> tuple[Removed, ...]:
    """What lies in ``removed/``, with the case that each was made of; a note is kept while its output is there."""
    notes = noted(out)
    lying = sorted(path.name for path in (out / REMOVED).iterdir()) if (out / REMOVED).is_dir() else []
    forget(out, {stem for stem in notes if f"{BUNDLES}/{stem}.pdf" not in claimed and f"{stem}.pdf" not in lying})
    return tuple(
        Removed(f"{REMOVED}/{name}", kept.case if kept else None, kept.registration_no if kept else None)
        for name in lying
        for kept in [notes.get(Path(name).stem) if name.endswith(".pdf") else None]
    )


def replace_submission(fresh: Path | None, out: Path) -> None:
    """Put a finished submission in the place of the earlier one, or take that away.

    Raises:
        OutputError: it cannot be put there.
    """
    target = out / SUBMISSION
    old = out / f"{_HALF_MADE}old-submission"
    try:
        drop(old)
        if target.exists() or target.is_symlink():
            target.replace(old)
        if fresh is not None:
            fresh.replace(target)
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        drop(old)


def refuse_foreign_folder(out: Path) -> None:
    """Never write into a folder that holds something else than a batch's output.

    Raises:
        OutputError: there are files, and no batch has ever run there.
    """
    if out.is_dir() and not (out / STATE).exists() and any(out.iterdir()):
        raise OutputError(
            f"“{out}”里已经有别的文件，不是批处理的输出文件夹。", fix="请用 -o 给出一个新的或者空的文件夹。"
        )
