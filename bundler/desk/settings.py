"""What a desk is set up with."""

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
        out: where the command centre's batches write.
        profile: the court.
        templates: the folder of templates.
        today: tells the day by which deadlines are counted.
        profile_path: the file of the court's profile, which a batch is told; None: the one that comes with the tool.
    """

    root: Path
    out: Path
    profile: Profile
    templates: Path
    today: Callable[[], date]
    profile_path: Path | None = None
