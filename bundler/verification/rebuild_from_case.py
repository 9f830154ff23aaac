"""Build a bundle anew from the case at hand, to compare with it: digests within a file prove nothing against a forger.

A supplement is built in the steps in which it was made: the first bundle from the case as it was then, and each supplement
upon that. The case of an earlier step counts only if the case at hand vouches for it: its history names that case.json, or
the case at hand is the same with more materials. Where an earlier case.json is not in the file (正卷, later books), the case
at hand without the materials that came later takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bundler import clock
from bundler.bundle.build import BuildRequest, build_bundle
from bundler.bundle.read_and_check_case import CheckedCase, check_reading
from bundler.bundle.supplement import EarlierBundle
from bundler.case.reader import ReadResult, read_data
from bundler.digest import sha256_of
from bundler.errors import BundlerError, OutputError
from bundler.manifest.model import CASE_NAME, Manifest
from bundler.materials.safe_opening import OpeningError, read_file
from bundler.profile import Profile
from bundler.scan_reading.case_readings import CaseReadings
from bundler.verification.inspect_bundle_file import UnreadableError, inspect_file
from bundler.verification.inspection_result import Observation
from bundler.verification.problem_codes import Problem

_MATERIALS = "materials"


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """The case with which a bundle is compared, and what it is built with.

    Attributes:
        folder: the case folder.
        profile: the court.
        templates: the templates' folder.
        recorded: the digests of case.json that the case's history names.
        is_later: the case may have more materials than when the bundle was built; for the bundle that a supplement is
            added to.
    """

    folder: Path
    profile: Profile
    templates: Path
    recorded: frozenset[str] = frozenset()
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A bundle that was built anew.

    Attributes:
        path: the file.
        observed: what was found in it.
        manifests: the manifests of its steps, oldest first.
        is_exact: each step was built from the very case.json that the bundle names.
    """

    path: Path
    observed: Observation
    manifests: tuple[Manifest, ...]
    is_exact: bool


class NotRebuiltError(Exception):
    """The bundle cannot be built anew.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def rebuild(observed: Observation, manifest: Manifest, current: ReadResult, hand: CaseAtHand, folder: Path) -> Rebuilt:
    """Build a bundle anew.

    Args:
        observed: the bundle that is verified.
        manifest: its manifest.
        current: the case at hand, as it was read.
        hand: what it is built with.
        folder: an empty folder of the caller's own, for the files.

    Raises:
        NotRebuiltError: it cannot be built.
        OutputError: the folder cannot be written.
    """
    steps = [*(observed.earlier[one.file] for one in manifest.earlier), manifest]
    earlier, made, is_exact = None, [], True
    for number, step in enumerate(steps, start=1):
        is_last = number == len(steps)
        reading, exact = current, True
        if not is_last or hand.is_later:
            name = CASE_NAME if is_last else CASE_NAME.replace(".", f"-{number}.")
            reading, exact = _case_of_step(step, observed.cases.get(name), current, hand)
        is_exact = is_exact and exact
        earlier = _build_step(step, reading, hand, earlier, folder / f"{number}.pdf")
        made.append(earlier.manifest)
    assert earlier is not None  # noqa: S101 (there is at least one step)
    return Rebuilt(earlier.path, inspect_file(earlier.path), tuple(made), is_exact)


def _case_of_step(
    step: Manifest, embedded: bytes | None, current: ReadResult, hand: CaseAtHand
) -> tuple[ReadResult, bool]:
    """The case from which an earlier step was made, and whether it is its very case.json.

    Raises:
        NotRebuiltError: the case at hand does not vouch for it.
    """
    if embedded is None or sha256_of(embedded) != step.case.sha256:
        return _case_without_later_materials(step, current), False
    reading = read_data(embedded, current.folder, current.given)
    if step.case.sha256 in hand.recorded or _grew_from(reading.tree or {}, current.tree or {}):
        return reading, True
    text = "补充以前的 case.json 与现在的案件除了新增材料以外还有不同，案件的历史里也没有记下它，不能证明原卷出自本案。"
    raise NotRebuiltError(Problem("CASE-EARLIER-UNPROVED", text, file=CASE_NAME))


def _grew_from(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a case is an older one with more materials and no other difference."""
    others_agree = {k: v for k, v in old.items() if k != _MATERIALS} == {
        k: v for k, v in new.items() if k != _MATERIALS
    }
    later = iter(_list_of(new))
    return others_agree and all(any(one == other for other in later) for one in _list_of(old))


def _list_of(tree: Mapping[str, Any]) -> Sequence[Any]:
    materials = tree.get(_MATERIALS)
    return materials if isinstance(materials, list) else ()


def _case_without_later_materials(step: Manifest, current: ReadResult) -> ReadResult:
    """The case at hand with the materials alone that a step holds or leaves out."""
    known = {(one.sha256, one.pages) for one in step.sources} | {(one.sha256, one.pages) for one in step.left_out}
    tree = dict(current.tree or {})
    tree[_MATERIALS] = [one for one in _list_of(tree) if _digest_and_pages(one, current.folder) in known]
    return read_data(json.dumps(tree, ensure_ascii=False).encode(), current.folder, current.given)


def _digest_and_pages(material: Any, folder: Path) -> tuple[str, str | None] | None:  # noqa: ANN401 (JSON)
    if not isinstance(material, dict):
        return None
    try:
        return sha256_of(read_file(folder, str(material.get("file")))), material.get("pages")
    except (OpeningError, OSError):
        return None


def _build_step(
    step: Manifest, reading: ReadResult, hand: CaseAtHand, earlier: EarlierBundle | None, target: Path
) -> EarlierBundle:
    """Build one step, and find in it the book (册) that the step's manifest says it is.

    Raises:
        NotRebuiltError: the gate does not let the case through, or it cannot be built here.
    """
    profile = _profile_of(step, hand.profile)
    checked = _with_readings_of(step, check_reading(reading, kind=step.kind, today=clock.now().date(), profile=profile))
    _require_complete(checked)
    request = BuildRequest(templates=hand.templates, target=target, scope=step.volume, earlier=earlier)
    try:
        built = build_bundle(checked, request, lambda _: None)
    except OutputError:
        raise
    except BundlerError as error:
        text = f"用案件重新成卷没有做成，不能比较：{error}"
        raise NotRebuiltError(Problem("CASE-NOT-COMPARABLE", text)) from None
    if earlier is None and (len(built.bound) != step.part.of or step.part.number > step.part.of):
        text = f"用案件重新成卷得 {len(built.bound)} 册，清单写的是第 {step.part.number} 册、共 {step.part.of} 册。"
        raise NotRebuiltError(Problem("MANIFEST-NOT-FROM-CASE", text, file=CASE_NAME))
    path = built.bound[step.part.number - 1 if earlier is None else 0].path
    try:
        observed = inspect_file(path)
    except UnreadableError:
        observed = None
    if observed is None or observed.manifest is None or observed.seal is None:
        raise NotRebuiltError(Problem("CASE-NOT-COMPARABLE", "用案件重新做成的卷读不回来，不能比较。"))
    return EarlierBundle(path, observed.sha256, observed.seal.length, observed.manifest, observed.manifest_sha256)


def _with_readings_of(step: Manifest, checked: CheckedCase) -> CheckedCase:
    """The case with the records of readings alone that the step was built with."""
    bound = {(source.file, source.reading) for source in step.sources}
    digests = {name: digest for name, digest in checked.scan_readings.digests.items() if (name, digest) in bound}
    by_file = {name: one for name, one in checked.scan_readings.by_file.items() if name in digests}
    return replace(checked, scan_readings=CaseReadings(by_file, digests))


def _profile_of(step: Manifest, profile: Profile) -> Profile:
    """The profile with which a step was built: the one given, but for the length of its books (册).

    That length differs most often, and the digest in the manifest tells which it was.
    """
    if step.profile == profile.sha256:
        return profile
    return next((other for other in profile.with_other_books() if other.sha256 == step.profile), profile)


def _require_complete(checked: CheckedCase) -> None:
    if checked.complete:
        return
    errors = checked.check_result.errors
    text = f"案件现在通不过检查，不能重新成卷比较：{errors[0].message if errors else '案件读不出来。'}"
    raise NotRebuiltError(Problem("CASE-INCOMPLETE", text))
