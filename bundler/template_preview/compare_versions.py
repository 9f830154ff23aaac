"""Compare the papers of one template in every situation before and after a change: the pairs, and the changed sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bundler.digest import sha256_of
from bundler.documents.shared_template_passages import BLOCKS_FILE, uses_blocks
from bundler.profile import Profile
from bundler.template_preview.draft_papers import TITLES, DraftedPaper, draft_in_every_situation, template_file
from bundler.template_preview.mark_changes import marked_pair, without_sources
from bundler.template_preview.sentence_differences import Change, compare, sentences_of
from bundler.template_preview.unprinted_words import WordChange, changed_words, without_printed
from bundler.word.block_model import Blocks
from bundler.word.docx_package import PackageError


@dataclass(frozen=True, slots=True)
class PaperPair:
    """A paper in one situation, as both versions of its template give it.

    Attributes:
        situation: the Chinese title of the situation.
        before: the old version, its differences in colour; None where there is none to show beside the new one.
        after: the new version; None where the template is broken.
        changes: the sentences that differ.
        look_changed: the sentences are the same, and something else differs.
        problem: why the new version cannot be drafted, in Chinese.
    """

    situation: str
    before: Blocks | None
    after: Blocks | None
    changes: tuple[Change, ...] = ()
    look_changed: bool = False
    problem: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether both versions differ in this situation."""
        return bool(self.changes) or self.look_changed


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that was changed, with every situation in which the change is seen.

    Attributes:
        document: the id of the paper.
        before, after: the sentence as the first of these situations prints it; None where it is new, or gone.
        situations: their titles.
    """

    document: str
    before: str | None
    after: str | None
    situations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """The papers of one template in every situation that has what they need.

    Attributes:
        document: the id of the paper.
        has_before: two versions were compared.
        pairs: one for each situation.
        failure: why there are none, in Chinese: the work took too much memory or time.
        words: the words of the template that differ, those that no situation prints among them.
    """

    document: str
    has_before: bool
    pairs: tuple[PaperPair, ...]
    failure: str = ""
    words: tuple[WordChange, ...] = ()

    @property
    def title(self) -> str:
        """The Chinese title of the paper."""
        return TITLES[self.document]

    @property
    def changed(self) -> tuple[PaperPair, ...]:
        """The pairs that differ."""
        return tuple(pair for pair in self.pairs if pair.is_changed)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why papers cannot be drafted, each reason once."""
        found = (self.failure, *(pair.problem for pair in self.pairs))
        return tuple(dict.fromkeys(problem for problem in found if problem))


def inputs_digest(document_id: str, templates: Path) -> str:
    """Return the digest of the files that a paper's template consists of; empty where it is missing or cannot be read."""
    try:
        path = templates / template_file(document_id)
        data = path.read_bytes()
        blocks = (templates / BLOCKS_FILE).read_bytes() if path.suffix == ".docx" and uses_blocks(data) else b""
    except (OSError, PackageError):
        return ""
    return sha256_of(f"{sha256_of(data)} {sha256_of(blocks)}".encode())


def preview_template(document_id: str, profile: Profile, templates: Path, before: Path | None) -> TemplatePreview:
    """Draft a paper in every situation, and compare it with an earlier version of its template.

    Args:
        document_id: the paper.
        profile: the court.
        templates: the folder of templates.
        before: the folder of the earlier version; None to compare with nothing.
    """
    drafted = draft_in_every_situation(document_id, profile, templates)
    is_same = before is None or inputs_digest(document_id, before) == inputs_digest(document_id, templates)
    if before is None or is_same:
        pairs = [
            PaperPair(one.situation, None, one.blocks and without_sources(one.blocks), problem=one.problem)
            for one in drafted
        ]
        return TemplatePreview(document_id, before is not None, tuple(pairs))
    old = {one.situation: one for one in draft_in_every_situation(document_id, profile, before)}
    pairs = [_pair(old.get(one.situation), one) for one in drafted]
    shown = [_texts_of(change) for pair in pairs for change in pair.changes]
    words = changed_words(before, templates, template_file(document_id), dict.fromkeys(shown))
    return TemplatePreview(document_id, has_before=True, pairs=tuple(pairs), words=words)


def _texts_of(change: Change) -> tuple[str, str]:
    return (change.before.text if change.before else "", change.after.text if change.after else "")


def _pair(old: DraftedPaper | None, new: DraftedPaper) -> PaperPair:
    if old is None or old.blocks is None or new.blocks is None:
        before, after = (one.blocks and without_sources(one.blocks) if one else None for one in (old, new))
        return PaperPair(new.situation, before, after, problem=new.problem)
    changes = compare(sentences_of(old.blocks), sentences_of(new.blocks))
    look_changed = not changes and without_sources(old.blocks) != without_sources(new.blocks)
    if not changes and not look_changed:
        return PaperPair(new.situation, None, without_sources(new.blocks))
    before, after = marked_pair(old.blocks, new.blocks, changes)
    return PaperPair(new.situation, before, after, changes, look_changed)


def changed_sentences(previews: Iterable[TemplatePreview]) -> tuple[SentenceChange, ...]:
    """Return each changed sentence once, with the situations in which it is seen, in the order of the papers."""
    found: dict[tuple[str, str, str], tuple[Change, list[str]]] = {}
    for preview in previews:
        for pair in preview.pairs:
            for change in pair.changes:
                _, situations = found.setdefault((preview.document, *change.pattern), (change, []))
                if pair.situation not in situations:
                    situations.append(pair.situation)
    return tuple(
        SentenceChange(
            document,
            change.before.text if change.before else None,
            change.after.text if change.after else None,
            tuple(situations),
        )
        for (document, _, _), (change, situations) in found.items()
    )


def unprinted_changes(previews: Iterable[TemplatePreview]) -> tuple[WordChange, ...]:
    """Return the words that were changed and that no paper prints in any situation; of papers that can be drafted alone."""
    return without_printed(change for preview in previews if not preview.problems for change in preview.words)
