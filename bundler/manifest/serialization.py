"""Write ``manifest.json`` in one fixed form, and read it as untrusted input."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from bundler.manifest.model import Manifest, PaperManifest

MAX_BYTES = 64 * 1024 * 1024
_MAX_DIGITS = 15


class ManifestError(ValueError):
    """The bytes are not a valid manifest; the message says why, in Chinese."""


def manifest_bytes(manifest: Manifest | PaperManifest) -> bytes:
    """The manifest as it is embedded: UTF-8, keys in the model's order, one line to each value."""
    return json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1).encode() + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest from untrusted bytes.

    Raises:
        ManifestError: the bytes are not a manifest, or it contradicts itself.
    """
    if len(data) > MAX_BYTES:
        raise ManifestError("超过 64 MB")
    try:
        text = data.decode()
        # Two parsers: pydantic's accepts a key twice, and Python's, without the strict model, "59" for 59.
        json.loads(
            text,
            object_pairs_hook=_reject_duplicate_keys,
            parse_constant=_reject_number,
            parse_float=_reject_number,
            parse_int=_parse_integer,
        )
        manifest = Manifest.model_validate_json(text, strict=True)
    except ValidationError as error:
        names = "、".join(dict.fromkeys(".".join(map(str, fault["loc"])) for fault in error.errors()[:3]))
        raise ManifestError(f"这些项不对或者不认识：{names}") from None
    except (ValueError, RecursionError):
        raise ManifestError("不是正确的 JSON") from None
    _check_consistency(manifest)
    return manifest


def _check_consistency(manifest: Manifest) -> None:
    """Raise ManifestError where parts of the manifest contradict each other."""
    folios = manifest.folios
    if list(folios) != list(range(folios[0], folios[0] + len(folios))) if folios else manifest.pages:
        raise ManifestError("页号不连续")
    if len(folios) != manifest.pages:
        raise ManifestError("页数与各页不符")
    bound = [(paper.first_page, paper.last_page) for paper in manifest.papers]
    if [n for first, last in bound for n in range(first, min(last, folios[-1]) + 1)] != list(folios):
        raise ManifestError("各件的起止页与页号不符")
    starts = dict(bound)
    if any(not _is_same_range(source.first_page, source.last_page, starts) for source in manifest.sources):
        raise ManifestError("来源文件的起止页与各件不符")


def _is_same_range(first: int, last: int, starts: dict[int, int]) -> bool:
    return starts.get(first) == last


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key twice")
    return entries


def _parse_integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number too long")
    return int(digits)


def _reject_number(_: str) -> Any:  # noqa: ANN401 (nothing is ever returned)
    raise ValueError("a manifest has neither fractions nor NaN")


def is_paper_manifest(data: bytes) -> bool:
    """Whether untrusted bytes are the manifest of a single paper, and so not of a bundle."""
    try:
        PaperManifest.model_validate_json(data, strict=True)
    except ValueError:
        return False
    return True
