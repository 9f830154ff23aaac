"""The arguments that the public functions share: the day, the kind of bundle, the court."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bundler import clock
from bundler.errors import UsageError
from bundler.profile import Profile, load_profile
from bundler.regulation.papers import BundleKind


def templates_folder(templates: str | Path | None, documents: Iterable[str] | None = None) -> Path:
    """The folder of templates; None: those of the package, which the project's own tests prove.

    Args:
        templates: the court's own folder.
        documents: the documents whose templates will be filled; None: every template.

    Raises:
        TemplateError: one of the court's own templates fails the check.
    """
    from bundler.documents.definitions import find_templates_folder

    if templates is None:
        return find_templates_folder(None)
    from bundler.template_check.proved_templates import require_proved_templates

    require_proved_templates(Path(templates), documents)
    return Path(templates)


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
