"""The public function `build`: the bundle of a complete case, or a supplement to an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.api.verify import case_at_hand, is_proved
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.errors import CaseError, UsageError

if TYPE_CHECKING:
    from bundler.bundle.build import BuildResult, BuildWorkers, Progress
    from bundler.bundle.supplement import EarlierBundle
    from bundler.signature.signing import SigningKey


def build(  # noqa: PLR0913 (the options of the command)
    case: CheckedCase,
    target: str | Path | None = None,
    *,
    scope: VolumeScope = VolumeScope.WHOLE,
    supplement: str | Path | None = None,
    key: SigningKey | None = None,
    dry_run: bool = False,
    templates: str | Path | None = None,
    protected: Iterable[Path] = (),
    progress: Progress | None = None,
    workers: BuildWorkers | None = None,
) -> BuildResult:
    """Build the bundle of a complete case as one PDF, and add a line to the case's history.

    Args:
        case: what `check` returned.
        target: the file to write; None: named after the registration number (登记号), in the current folder.
        scope: the whole (全卷), or the volume that petitioners may read (正卷).
        supplement: an earlier bundle of the case, to which its new papers are added in another file; None: no supplement.
        key: the key to sign with; None: no signature.
        dry_run: plan and typeset, and write nothing.
        templates: the folder of templates; None: the templates in the package.
        protected: files besides the case's own and the earlier bundle that must not be replaced.
        progress: called with each step as a Chinese text, and once with the number of papers to join.
        workers: the processes of `bundler.bundle.build.preloaded_workers`, which are not part of the stable interface.

    Raises:
        CaseError: the gate does not let the case through, the earlier bundle was changed, or a file cannot be bound.
        UsageError: the bundle would replace one of its inputs, or there is no such earlier bundle.
        OutputError: the bundle cannot be written.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
        FileChangedError: a file has changed since the check.
    """
    from bundler.bundle.build import BuildRequest, build_bundle
    from bundler.bundle.output_path_checks import bundle_file_name
    from bundler.documents.definitions import find_templates_folder

    old = Path(supplement) if supplement else None
    earlier = _earlier_bundle(case, old, templates) if old else None
    times = len(earlier.manifest.earlier) + 1 if earlier else 0
    number = case.check_result.registration_no or ""
    request = BuildRequest(
        templates=find_templates_folder(Path(templates) if templates else None),
        target=Path(target) if target else Path(bundle_file_name(number, scope, times)),
        protected=(*((old,) if old else ()), *protected),
        scope=scope,
        earlier=earlier,
        key=key,
        dry_run=dry_run,
    )
    built = build_bundle(case, request, progress or (lambda _: None), workers)
    return replace(built, history_error=_record(case, built)) if built.bound else built


def _record(case: CheckedCase, built: BuildResult) -> str:
    """Add a line to the case's history; why it could not be written, or an empty text."""
    from bundler.ledger.case_change_log import append_history
    from bundler.ledger.history_entry import FileDigest, HistoryError

    try:
        append_history(case.reading.folder, "build", [FileDigest(one.path.name, one.sha256) for one in built.bound])
    except HistoryError as error:
        return str(error)
    return ""


def _earlier_bundle(case: CheckedCase, path: Path, templates: str | Path | None) -> EarlierBundle:
    """Read the bundle that a supplement is added to, and prove it by building it anew from the case.

    Raises:
        UsageError: it cannot be read, or is not the last of its books (册).
        CaseError: it was changed, or belongs to another case.
    """
    from bundler.bundle.supplement import EarlierBundle
    from bundler.verification.inspect_bundle_file import UnreadableError
    from bundler.verification.verify import verify as verify_file

    hand = case_at_hand(case.reading.folder, case.profile, templates, is_later=True)
    try:
        verification = verify_file(path, case=hand)
    except UnreadableError:
        raise UsageError(f"“{path}”不在，或者不是能读的文件。", fix="请用 --supplement 给出原来的卷宗。") from None
    manifest, seal = verification.observed.manifest, verification.observed.seal
    if manifest is None or seal is None or not is_proved(verification, case.reading.folder):
        raise CaseError(
            f"原卷“{path}”核对不一致，没有成卷：{verification.problems[0].message}",
            fix="请用 bundler verify --case 核对，改用原件。",
        )
    if manifest.registration_no != case.check_result.registration_no:
        raise CaseError(f"原卷的登记号是“{manifest.registration_no}”，与本案不同，没有成卷。", fix="请核对案件和原卷。")
    if manifest.part.number != manifest.part.of:
        raise UsageError(f"“{path}”不是最后一册。", fix="补充材料接在最后一册后面，请给出最后一册。")
    return EarlierBundle(
        path, verification.observed.sha256, seal.length, manifest, verification.observed.manifest_sha256
    )
