"""The arguments that the public functions share: the day, the kind of bundle, the court."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bundler import clock
from bundler.errors import UsageError
from bundler.profile import Profile, load_profile
from bundler.regulation.papers import BundleKind


def today() -> date:
    """The day in China."""
    return clock.now().date()


def bundle_kind(kind: BundleKind | str | None) -> BundleKind | None:
    """The kind of bundle of that name; None for none.

    Raises:
        UsageError: there is no such kind.
    """
    if not kind:
        return None
    if kind not in set(BundleKind):
        raise UsageError(f"没有“{kind}”这个类别。", fix=f"可用的类别：{'、'.join(BundleKind)}。")
    return BundleKind(kind)


def court_profile(profile: Profile | str | Path | None) -> Profile:
    """The court that was given, or the court of a profile's file; None: the court of the regulation.

    Raises:
        UsageError: the profile cannot be read.
    """
    return profile if isinstance(profile, Profile) else load_profile(Path(profile) if profile else None)
