"""The output folder of a batch: create it, remove partial files of interrupted runs, move outdated outputs aside."""

from __future__ import annotations

import shutil
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from bundler.batch.build_cache import delete_entries, output_digest, read_all_entries
from bundler.batch.worker_tasks import DAYS_FOLDER, REMINDERS_FOLDER, STATE_FOLDER, SUBMISSION_FOLDER
from bundler.errors import OutputError, output_error
from bundler.reports.case_result import BUNDLES, REMOVED, RETURNED, CaseResult, Removed

_PARTIAL_PREFIX = ".bundler-"
"""Prefix of the names of files and folders that are still being written."""


def create_output_folders(out: Path) -> None:
    """Create the output folder and its subfolders.

    Raises:
        OutputError: they cannot be created.
    """
    try:
        for name in (BUNDLES, RETURNED, STATE_FOLDER):
            (out / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def remove_partial_files(out: Path) -> None:
    """Delete what an interrupted run was writing; the caller holds the lock, so no other batch is writing it."""
    for folder in (out, *(out / name for name in (BUNDLES, RETURNED, REMINDERS_FOLDER, STATE_FOLDER, DAYS_FOLDER))):
        for path in sorted(folder.glob(f"{_PARTIAL_PREFIX}*")):
            delete(path)


def delete(path: Path) -> None:
    """Delete a file or a folder, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def move_aside(out: Path, results: Sequence[CaseResult]) -> tuple[Removed, ...]:
    """Move outputs that belong to no case of this run to ``removed/``, and return what is in that folder.

    A notice is deleted once its case is bundled or in progress. An old bundle is no longer reported once its case has a
    new one.

    Raises:
        OutputError: something cannot be moved.
    """
    claimed = {result.output for result in results if result.output}
    stems = {Path(output).stem for output in claimed if output.startswith(BUNDLES)}
    stems |= {result.stem for result in results if result.status == "open"}
    moved = set()
    try:
        for path in _find_unclaimed(out, claimed):
            if path.parent.name == RETURNED and path.stem in stems:
                delete(path)
            else:
                (out / REMOVED).mkdir(exist_ok=True)
                target = _free_name(out / REMOVED, path)
                path.replace(target)
                moved.add(target.name)
    except OSError as error:
        raise output_error(out / REMOVED, error) from error
    return _list_removed(out, results, claimed, moved)


def _find_unclaimed(out: Path, claimed: set[str]) -> Iterator[Path]:
    for folder in (BUNDLES, RETURNED):
        for path in sorted((out / folder).iterdir()):
            if f"{folder}/{path.name}" not in claimed and not path.name.startswith("."):
                yield path


def _free_name(folder: Path, path: Path) -> Path:
    """Return a path in a folder: the same name if it is free or has the same bytes, else a numbered one."""
    target, number = folder / path.name, 1
    while target.exists() and output_digest(target) != output_digest(path):
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return target


def _list_removed(
    out: Path, results: Sequence[CaseResult], claimed: set[str], moved: Container[str]
) -> tuple[Removed, ...]:
    """Return the files in ``removed/``, each with its case; cache entries without an output are deleted.

    Args:
        out: the output folder.
        results: the cases of this run.
        claimed: their outputs.
        moved: the names of the files that this run moved.
    """
    bundled = {result.folder: result.bundled for result in results}
    entries = read_all_entries(out)
    present = sorted(path.name for path in (out / REMOVED).iterdir()) if (out / REMOVED).is_dir() else []
    delete_entries(
        out, {stem for stem in entries if f"{BUNDLES}/{stem}.pdf" not in claimed and f"{stem}.pdf" not in present}
    )
    found = [(name, entries.get(Path(name).stem) if name.endswith(".pdf") else None) for name in present]
    return tuple(
        Removed(
            f"{REMOVED}/{name}",
            entry.case if entry else None,
            entry.registration_no if entry else None,
            is_case_there=entry is not None and entry.case in bundled,
            is_moved_now=name in moved,
        )
        for name, entry in found
        if entry is None or not bundled.get(entry.case)
    )


def replace_submission(new_submission: Path | None, out: Path) -> None:
    """Replace the earlier submission by a new one; None: only delete the earlier one.

    Raises:
        OutputError: it cannot be replaced.
    """
    target = out / SUBMISSION_FOLDER
    old = out / f"{_PARTIAL_PREFIX}old-submission"
    try:
        delete(old)
        if target.exists() or target.is_symlink():
            target.replace(old)
        if new_submission is not None:
            new_submission.replace(target)
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        delete(old)


def refuse_foreign_folder(out: Path) -> None:
    """Refuse a folder that has other files than the output of a batch.

    Raises:
        OutputError: there are files, and no batch has run there.
    """
    if out.is_dir() and not (out / STATE_FOLDER).exists() and any(out.iterdir()):
        raise OutputError(
            f"“{out}”里已经有别的文件，不是批处理的输出文件夹。", fix="请用 -o 给出一个新的或者空的文件夹。"
        )
