"""The public function `verify`: whether a bundle is what it was when it was built, and what counts as proof of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bundler.api import arguments
from bundler.profile import Profile

if TYPE_CHECKING:
    from bundler.ledger.history_entry import HistoryEntry
    from bundler.verification.rebuild_from_case import CaseAtHand
    from bundler.verification.verify import Verification

_BUILDS = frozenset({"build", "batch"})


def verify(  # noqa: PLR0913 (the options of the command)
    file: str | Path,
    *,
    case: str | Path | None = None,
    sha256: str | None = None,
    trust: bytes | None = None,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> Verification:
    """Check whether a bundle is still what it was when it was built. Nothing is written.

    Args:
        file: the bundle.
        case: the case folder, from which the bundle is built anew and compared; None: it is compared with itself alone.
        sha256: the digest that the file should have, as 64 hexadecimal digits.
        trust: trusted certificates (PEM), with which the signer is checked; None: the signature's integrity alone.
        profile: the court, or the path of its profile; None: the court of the regulation. A volume has the items of the
            regulation that its manifest names, where that is shipped or the court's.
        templates: the folder of templates; None: the templates in the package. It is used with `case` alone.

    Raises:
        UnreadableError: the file cannot be read. A file that is no bundle is no error: `Verification.ours` is false.
        UsageError: the profile cannot be read.
        OutputError: there is no room for the bundle that is built anew.
    """
    from bundler.verification.verify import verify as verify_file

    court = arguments.court_profile(profile)
    hand = case_at_hand(Path(case), court, templates) if case else None
    return verify_file(Path(file), case=hand, sha256=sha256, trust=trust, regulation=court.regulation)


def is_proved(verification: Verification, folder: Path) -> bool:
    """Whether a verification with a case proves that the bundle comes from it, so that it may be signed or added to.

    A bundle that cannot be compared any more (other surroundings, a case that went on) is proved as a file: by this user's
    own record of what he built, or by the case's history, unless its pages contradict the case in the same surroundings.

    Args:
        verification: the result of `verify` with the case.
        folder: the case folder.
    """
    from bundler.bundle.built_here_proof import was_built_here
    from bundler.verification.rebuilt_bundle_comparison import CASE_CODES, DIFFERENCE_CODES

    if verification.ok:
        return verification.comparison is not None
    codes, digest = {problem.code for problem in verification.problems}, verification.observed.sha256
    if not codes <= CASE_CODES:
        return False
    comparison = verification.comparison
    contradicts = bool(codes & DIFFERENCE_CODES) and not (comparison and comparison.surroundings)
    outputs = {one.sha256 for entry in _history_entries(folder) for one in entry.outputs if entry.action in _BUILDS}
    return was_built_here(digest) or (digest in outputs and not contradicts)


def case_at_hand(folder: Path, profile: Profile, templates: str | Path | None, *, is_later: bool = False) -> CaseAtHand:
    """The case with which a bundle is compared, with the digests of case.json that its history names."""
    from bundler.documents.definitions import find_templates_folder
    from bundler.verification.rebuild_from_case import CaseAtHand

    recorded = frozenset(entry.case_sha256 for entry in _history_entries(folder))
    templates_folder = find_templates_folder(Path(templates) if templates else None)
    return CaseAtHand(folder, profile, templates_folder, recorded, is_later=is_later)


def _history_entries(folder: Path) -> tuple[HistoryEntry, ...]:
    """The entries of a case's history; none where one of them was changed, or it cannot be read."""
    from bundler.ledger.case_change_log import read_history
    from bundler.ledger.history_entry import HistoryError

    try:
        history = read_history(folder if folder.is_dir() else folder.parent)
    except HistoryError:
        return ()
    return () if history.broken else history.entries
