"""``manifest.json`` as bytes: written in one fixed way, and read without trust."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from bundler.manifest.model import Manifest, PaperManifest

MAX_BYTES = 64 * 1024 * 1024
_MAX_DIGITS = 15


class ManifestError(ValueError):
    """Bytes that are no manifest of ours; the message says in Chinese why."""


def manifest_bytes(manifest: Manifest | PaperManifest) -> bytes:
    """The manifest as it is embedded: UTF-8, keys in the model's order, one line to each value."""
    return json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1).encode() + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """A manifest out of bytes that nobody trusts.

    Raises:
        ManifestError: they are no manifest, or it contradicts itself.
    """
    if len(data) > MAX_BYTES:
        raise ManifestError("超过 64 MB")
    try:
        text = data.decode()
        # The model's own parser would let a key stand twice; this one would take "59" for 59.
        json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_refuse, parse_int=_whole)
        manifest = Manifest.model_validate_json(text, strict=True)
    except ValidationError as error:
        names = "、".join(dict.fromkeys(".".join(map(str, fault["loc"])) for fault in error.errors()[:3]))
        raise ManifestError(f"这些项不对或者不认识：{names}") from None
    except (ValueError, RecursionError):
        raise ManifestError("不是正确的 JSON") from None
    _agree(manifest)
    return manifest


def _agree(manifest: Manifest) -> None:
    """What it says in one place fits what it says in another."""
    folios = manifest.folios
    if list(folios) != list(range(folios[0], folios[0] + len(folios))) if folios else manifest.pages:
        raise ManifestError("页号不连续")
    if len(folios) != manifest.pages:
        raise ManifestError("页数与各页不符")
    bound = [(paper.first_page, paper.last_page) for paper in manifest.papers]
    if [n for first, last in bound for n in range(first, min(last, folios[-1]) + 1)] != list(folios):
        raise ManifestError("各件的起止页与页号不符")
    starts = dict(bound)
    if any(not _within(source.first_page, source.last_page, starts) for source in manifest.sources):
        raise ManifestError("来源文件的起止页与各件不符")


def _within(first: int, last: int, starts: dict[int, int]) -> bool:
    return starts.get(first) == last


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a key twice")
    return tree


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number too long")
    return int(digits)


def _refuse(_: str) -> Any:  # noqa: ANN401 (nothing is ever returned)
    raise ValueError("neither fractions nor NaN stand in a manifest")


def is_paper_manifest(data: bytes) -> bool:
    """Whether bytes that nobody trusts are the manifest of a single paper, and so not of a bundle."""
    try:
        PaperManifest.model_validate_json(data, strict=True)
    except ValueError:
        return False
    return True
