"""The preview as one HTML page that a browser opens from the disk: the changed sentences, then every paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bundler.template_preview.compare_versions import (
    PaperPair,
    TemplatePreview,
    changed_sentences,
    unprinted_changes,
)
from bundler.template_preview.draft_papers import TITLES
from bundler.template_preview.sentence_differences import changed_parts
from bundler.typeset.blocks_html import render_blocks
from bundler.typeset.style_classes import StyleClasses
from bundler.word.block_model import Blocks, HeaderFooter

_NO_EDGE = HeaderFooter()


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair with both versions as HTML."""

    pair: PaperPair
    key: str
    before: Markup
    after: Markup


def preview_html(previews: Sequence[TemplatePreview], before: str, after: str, version: str = "") -> str:
    """Return the page.

    Args:
        previews: the papers.
        before: the name of the earlier folder of templates; empty where nothing is compared.
        after: the name of the folder of templates.
        version: of a page that is written anew while the Word files are saved: the page reloads once
            ``preview-version.js`` names another one.
    """
    classes = StyleClasses()
    shown = [(preview, shown_pairs(preview, classes)) for preview in changed_first(previews)]
    return (
        environment()
        .get_template("preview.html")
        .render(
            before=before,
            after=after,
            version=version,
            changes=changed_sentences(previews),
            unprinted=unprinted_changes(previews),
            shown=shown,
            titles=TITLES,
            problems=[(one.title, problem) for one in previews for problem in one.problems],
            looks=Markup(classes.css()),  # noqa: S704 (made of numbers and of names of fonts in our table)
            highlight=highlight,
            linked=True,
        )
    )


def changed_first(previews: Sequence[TemplatePreview]) -> list[TemplatePreview]:
    """Return the previews, those with a change or a problem first."""
    return sorted(previews, key=lambda preview: not (preview.changed or preview.problems))


def shown_pairs(preview: TemplatePreview, classes: StyleClasses) -> list[ShownPair]:
    """Return the pairs of a paper as HTML, those that differ first; `classes` collects their looks."""
    ordered = sorted(enumerate(preview.pairs), key=lambda numbered: not numbered[1].is_changed)
    return [
        ShownPair(
            pair,
            f"{preview.document}-{number}",
            _paper_html(pair.before, f"{preview.document}-{number}-before", classes),
            _paper_html(pair.after, f"{preview.document}-{number}-after", classes),
        )
        for number, pair in ordered
    ]


def _paper_html(blocks: Blocks | None, key: str, classes: StyleClasses) -> Markup:
    """The content of a paper without page headers and footers, which only pages have."""
    if blocks is None:
        return Markup()
    sections = [replace(one, header=_NO_EDGE, footer=_NO_EDGE, following=()) for one in (blocks, *blocks.following)]
    flowing = replace(sections[0], following=tuple(sections[1:]))
    return Markup(render_blocks(flowing, key, classes))  # noqa: S704 (escaped by the renderer)


def highlight(before: str | None, after: str | None) -> tuple[Markup, Markup]:
    """Return a sentence of both versions as HTML, the characters that differ marked."""
    removed, added = changed_parts(before, after) if before is not None and after is not None else ([], [])
    return _mark(before or "", removed, "del"), _mark(after or "", added, "ins")


def _mark(text: str, parts: Sequence[tuple[int, int]], tag: str) -> Markup:
    html, position = Markup(), 0
    for start, end in parts:
        html += text[position:start]
        html += Markup("<{tag}>{words}</{tag}>").format(tag=Markup(tag), words=text[start:end])  # noqa: S704 (ours)
        position = end
    return html + text[position:]


@cache
def environment() -> Environment:
    """Return the environment of the preview's own pages, which escapes every value."""
    return Environment(
        loader=PackageLoader("bundler.template_preview", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
