"""Look for mistakes of meaning in a folder of templates: each kind has a module, which yields warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

from jinja2 import TemplateError

from bundler.case.model import Case
from bundler.digest import sha256_of
from bundler.documents.definitions import find_templates_folder
from bundler.documents.shared_template_passages import BLOCKS_FILE, BuildingBlock
from bundler.profile import Profile
from bundler.template_check.example_views import example_views, full_example
from bundler.template_check.expand_shared_passages import check_blocks_file
from bundler.template_check.meaning.conditions_against_reference import find_opposite_conditions
from bundler.template_check.meaning.enclosing_conditions import enclosing_conditions
from bundler.template_check.meaning.filled_text import FilledPart, TextTemplate
from bundler.template_check.meaning.fixed_numbers import find_fixed_numbers
from bundler.template_check.meaning.forms_of_address import find_fixed_address, find_mixed_address, find_mixed_court
from bundler.template_check.meaning.labelled_views import label_view
from bundler.template_check.meaning.mislabelled_fields import KnownLabels, find_wrong_labels, known_from_titles
from bundler.template_check.meaning.only_first_entry_printed import find_first_only, find_short_lists
from bundler.template_check.meaning.pointless_branches import find_branch_faults
from bundler.template_check.meaning.repeated_text import find_repeated_numbers, find_repeated_sentences
from bundler.template_check.meaning.reversed_conditions import (
    SAMPLE_PREFIX,
    find_contradicted_boxes,
    find_turned_conditions,
)
from bundler.template_check.meaning.warning_kinds import MeaningWarning
from bundler.template_check.passed_templates_cache import PassedTemplatesCache
from bundler.template_check.problem_report import TemplateProblem, locate_problem
from bundler.template_check.read_template_parts import template_parts
from bundler.template_check.template_contracts import Contract, contracts
from bundler.template_check.tokens import Part, PartProblem
from bundler.template_check.trial_fill import sample_cases, sample_views
from bundler.word.docx_package import PackageError

_CONDITIONAL = re.compile(r"\{%p?(?:tr|tc|r)?\s*(?:el)?if\b|\bif\b|\|box|\bfor\b")
_READ_PARTS = ("正文", "页面")
"""Headers and footers repeat the page's frame; the body has the meaning."""


@dataclass
class MeaningCheck:
    """Checks templates of one folder against those in the package, which are right.

    Attributes:
        folder: the folder.
        profile: the court.
        cases: invented or sample cases by the Chinese title of their situation.
    """

    folder: Path
    profile: Profile
    cases: Mapping[str, Case]
    _labels: dict[type, KnownLabels] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what the reference says of labels."""
        self.reference = find_templates_folder(None)
        self.blocks, _ = check_blocks_file(self.folder)
        self.reference_blocks, _ = check_blocks_file(self.reference)

    def check(self, names: Iterable[str]) -> Iterator[TemplateProblem]:
        """Yield the warnings of templates that pass the proof."""
        for name in names:
            if self._is_shipped(name):
                continue
            contract = contracts()[name]
            known = self._known_labels(contract)
            before = _read_parts(self.reference, name, self.reference_blocks)
            for part in _read_parts(self.folder, name, self.blocks):
                old = next((one for one in before if one.name == part.name), None)
                for warning in self.check_part(name, part, contract, known, old):
                    yield as_problem(name, part, warning)

    def _is_shipped(self, name: str) -> bool:
        """Whether a template of another folder is an unchanged copy; the package's own are checked in their folder."""
        pairs = [(self.folder / one, self.reference / one) for one in (name, BLOCKS_FILE)]
        return self.folder.resolve() != self.reference.resolve() and all(
            own.is_file() and own.read_bytes() == shipped.read_bytes() for own, shipped in pairs
        )

    def check_part(
        self, name: str, part: Part, contract: Contract, known: KnownLabels, old: Part | None
    ) -> list[MeaningWarning]:
        """Return the warnings of one part, each fault once although it shows in several situations."""
        filled = self._fill(name, part, contract)
        found = [
            *find_fixed_numbers(part, contract),
            *find_repeated_numbers(filled),
            *find_repeated_sentences(filled),
            *find_short_lists(filled),
            *find_branch_faults(part),
            *find_mixed_address(filled),
            *find_mixed_court(part),
            *find_wrong_labels(part, contract, known),
            *find_first_only(part),
            *find_fixed_address(part),
            *(find_contradicted_boxes(part, old) if old is not None else ()),
        ]
        changed = _changed_conditions(part, old) if old is not None else ""
        if old is not None and changed:
            examples = example_views(contract, frozenset(re.findall(r"\w+", changed)))
            now, before = (self._fill(name, one, contract, examples) for one in (part, old))
            views = [filling.view for filling in now.fillings]
            found += [*find_opposite_conditions(part, old, views), *find_turned_conditions(now, before)]
        first: dict[tuple[str, int, str], MeaningWarning] = {}
        for one in found:
            first.setdefault((one.code, one.location.number, one.expression), one)
        return sorted(first.values(), key=lambda one: one.location.number)

    def _fill(self, name: str, part: Part, contract: Contract, examples: Sequence[object] = ()) -> FilledPart:
        """Fill a part in every situation, and with examples of its types: by default the one in which everything is present."""
        text = TextTemplate(part)
        views = [(title, view) for title, case in self.cases.items() for view in sample_views(name, case, self.profile)]
        views += [("", view) for view in examples or (full_example(contract),)]
        try:
            fillings = [text.fill(label_view(view), title) for title, view in views]
        except TemplateError:  # the static check reports what cannot be parsed
            fillings = []
        return FilledPart(name, part, tuple(fillings))

    def _known_labels(self, contract: Contract) -> KnownLabels:
        """What stands under which label, by the titles of the view and by the reference's templates of the same view."""
        view = contract.view
        if view not in self._labels:
            self._labels[view] = known_from_titles(view)
            for name, other in contracts().items():
                for part in _read_parts(self.reference, name, self.reference_blocks) if other.view is view else ():
                    self._labels[view].learn(part, other)
        return self._labels[view]


def _changed_conditions(part: Part, old: Part) -> str:
    """The tags where two versions of a part differ, those beside them and around them, if one is a condition; else nothing."""
    now, before = ([token.source for token in one.tokens] for one in (part, old))
    around = enclosing_conditions(part.tokens)
    changed: list[str] = []
    outer: set[str] = set()
    for kind, start, end, old_start, old_end in SequenceMatcher(None, now, before, autojunk=False).get_opcodes():
        if kind != "equal":
            changed += now[max(0, start - 1) : end + 1] + before[max(0, old_start - 1) : old_end + 1]
            outer |= {tag.source for place in around[max(0, start - 1) : end + 1] for tag in place}
    tags = [one for one in changed if one.startswith("{")]
    return " ".join([*tags, *sorted(outer)]) if any(_CONDITIONAL.search(tag) for tag in tags) else ""


def _read_parts(folder: Path, name: str, blocks: Mapping[str, BuildingBlock]) -> list[Part]:
    """The parts of a template that have meaning; none of one that cannot be read, which the proof reports."""
    try:
        parts = template_parts(name, (folder / name).read_bytes(), blocks)
    except (OSError, UnicodeDecodeError, PackageError):
        return []
    return [part for part in parts if part.name in _READ_PARTS]


def as_problem(name: str, part: Part, warning: MeaningWarning) -> TemplateProblem:
    """Return a warning with its place in the file."""
    problem = PartProblem(warning.location, warning.expression, warning.message, warning.suggestion)
    return replace(locate_problem(name, part, problem), code=warning.code)


def check_meaning(
    folder: Path, profile: Profile, names: Iterable[str], situations: Mapping[str, Case] | None = None
) -> list[TemplateProblem]:
    """Return the warnings of templates that pass the proof; of those without any before, none are looked for again.

    Args:
        folder: the folder of templates.
        profile: the court.
        names: the templates, relative to the folder.
        situations: invented cases by their Chinese titles, besides the samples.
    """
    cases = {**(situations or {}), **{f"{SAMPLE_PREFIX}{name}": case for name, case in sample_cases().items()}}
    given = "\0".join(f"{title}\0{case.model_dump_json()}" for title, case in cases.items())
    unasked = PassedTemplatesCache("meaning", folder, profile, names, sha256_of(given.encode()))
    warnings = list(MeaningCheck(folder, profile, cases).check(unasked.names)) if unasked.names else []
    unasked.remember(warnings)
    return warnings
