"""Complete, checkable petition files (执行申诉信访) for the courts of China.

The names in `__all__` are the public interface, described in ``docs/python.md``. They are loaded when they are first
used, so that ``import bundler`` costs next to nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # what type checkers take for true; importing `typing` for it would take longer than the rest
if TYPE_CHECKING:
    from bundler.api.build import build
    from bundler.api.check import check
    from bundler.api.render import RenderedPaper, render
    from bundler.api.verify import verify
    from bundler.bind.volume_scope import VolumeScope
    from bundler.bundle.build import BuildResult
    from bundler.bundle.read_and_check_case import CheckedCase
    from bundler.case.model import Case
    from bundler.case.reader import ReadResult, read_case
    from bundler.errors import (
        BundlerError,
        CaseError,
        CaseUnreadableError,
        FileChangedError,
        FontGlyphError,
        OutputError,
        TemplateError,
        UsageError,
    )
    from bundler.gate.check_result import CheckResult, Deadline
    from bundler.profile import Profile, load_profile
    from bundler.regulation.findings import Finding
    from bundler.regulation.papers import BundleKind, Item
    from bundler.regulation.rule_codes import Severity
    from bundler.verification.inspect_bundle_file import UnreadableError
    from bundler.verification.problem_codes import Problem
    from bundler.verification.verify import Verification

__all__ = [
    "BuildResult",
    "BundleKind",
    "BundlerError",
    "Case",
    "CaseError",
    "CaseUnreadableError",
    "CheckResult",
    "CheckedCase",
    "Deadline",
    "FileChangedError",
    "Finding",
    "FontGlyphError",
    "Item",
    "OutputError",
    "Problem",
    "Profile",
    "ReadResult",
    "RenderedPaper",
    "Severity",
    "TemplateError",
    "UnreadableError",
    "UsageError",
    "Verification",
    "VolumeScope",
    "build",
    "check",
    "load_profile",
    "read_case",
    "render",
    "verify",
]

_MODULES = {
    "bundler.api.build": ("build",),
    "bundler.api.check": ("check",),
    "bundler.api.render": ("RenderedPaper", "render"),
    "bundler.api.verify": ("verify",),
    "bundler.bind.volume_scope": ("VolumeScope",),
    "bundler.bundle.read_and_check_case": ("CheckedCase",),
    "bundler.bundle.build": ("BuildResult",),
    "bundler.case.model": ("Case",),
    "bundler.case.reader": ("ReadResult", "read_case"),
    "bundler.errors": (
        "BundlerError",
        "CaseError",
        "CaseUnreadableError",
        "FileChangedError",
        "FontGlyphError",
        "OutputError",
        "TemplateError",
        "UsageError",
    ),
    "bundler.gate.check_result": ("CheckResult", "Deadline"),
    "bundler.profile": ("Profile", "load_profile"),
    "bundler.regulation.papers": ("BundleKind", "Item"),
    "bundler.regulation.findings": ("Finding",),
    "bundler.regulation.rule_codes": ("Severity",),
    "bundler.verification.inspect_bundle_file": ("UnreadableError",),
    "bundler.verification.problem_codes": ("Problem",),
    "bundler.verification.verify": ("Verification",),
}

if not TYPE_CHECKING:  # a type checker would take any name for one of these

    def __getattr__(name: str) -> object:
        """Load a public name on its first use."""
        from importlib import import_module

        for module, names in _MODULES.items():
            if name in names:
                value: object = getattr(import_module(module), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *__all__})
