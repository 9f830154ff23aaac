"""The public function `check`: read a case and apply every rule of the gate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bundler.api import arguments
from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind


def check(
    case: str | Path,
    *,
    kind: BundleKind | str | None = None,
    today: date | None = None,
    profile: Profile | str | Path | None = None,
) -> CheckedCase:
    """Read a case with its files, and apply every rule of the gate. Nothing is written.

    Args:
        case: the case folder, or its case.json.
        kind: the kind of bundle to check for; None: the kind that the case itself calls for.
        today: the day on which time limits are judged; None: today in China.
        profile: the court, or the path of its profile; None: the court of the regulation.

    Returns:
        The case with its findings. A case that cannot be read is no error here: its `reading.unreadable` is true.

    Raises:
        UsageError: the profile cannot be read, or `kind` is no kind.
    """
    return check_case(
        str(case),
        kind=arguments.bundle_kind(kind),
        today=today or arguments.today(),
        profile=arguments.court_profile(profile),
    )
