"""The settings of a desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.profile import Profile


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """A desk over one folder of case folders.

    Attributes:
        root: the folder of case folders.
        out: the output folder of the desk's batches.
        profile: the court.
        templates: the folder of templates.
        today: returns the day by which deadlines are counted.
        profile_path: the file of the court's profile, which a batch is started with; None: the one in the package.
    """

    root: Path
    out: Path
    profile: Profile
    templates: Path
    today: Callable[[], date]
    profile_path: Path | None = None
