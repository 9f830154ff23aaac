"""The earlier bundle that ``build --supplement`` names."""

from __future__ import annotations

from pathlib import Path

from bundler.bundle.supplement import EarlierBundle
from bundler.case.model import Case
from bundler.errors import CaseError, UsageError
from bundler.verification.inspect import UnreadableError
from bundler.verification.verify import verify


def read_previous_bundle(case: Case, path: Path) -> EarlierBundle:
    """The bundle, when it is as it was made, and of this case.

    Raises:
        UsageError: there is none, or it is not the last of its books.
        CaseError: it was changed, or is another case's.
    """
    try:
        found = verify(path)
    except UnreadableError:
        raise UsageError(f"“{path}”不在，或者不是能读的文件。", fix="请用 --supplement 给出原来的卷宗。") from None
    manifest, seal = found.observed.manifest, found.observed.seal
    if not found.ok or manifest is None or seal is None:
        raise CaseError(
            f"原卷“{path}”核对不一致，没有成卷：{found.problems[0].message}",
            fix="请用 bundler verify 核对，改用原件。",
        )
    if manifest.registration_no != case.registration.no:
        raise CaseError(f"原卷的登记号是“{manifest.registration_no}”，与本案不同，没有成卷。", fix="请核对案件和原卷。")
    if manifest.part.number != manifest.part.of:
        raise UsageError(f"“{path}”不是最后一册。", fix="补充材料接在最后一册后面，请给出最后一册。")
    return EarlierBundle(path, found.observed.sha256, seal.length, manifest)
