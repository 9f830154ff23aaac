"""Find the document that a person names: by its code, its Chinese title or a part of it, or its template's file name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from bundler.errors import UsageError

_IGNORED = re.compile(r"[\s《》“”\"'×（）()·]")
_FILE_ENDINGS = (".docx", ".html")
_SIMILARITY = 0.6


def document_titles() -> dict[str, str]:
    """The titles of the documents of a case, of its check, of a batch and of the ledger, by code."""
    from bundler.documents.definitions import DOCUMENTS
    from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS

    return {code: document.title for code, document in {**DOCUMENTS, **BATCH_DOCUMENTS}.items()}


def find_document_code(given: str, titles: Mapping[str, str]) -> str:
    """Return the code of the document that a name means.

    Args:
        given: a code such as ``acceptance_notice``, a title or a part of one such as 受理告知书, or a file name.
        titles: the Chinese titles by code.

    Raises:
        UsageError: no document is meant, or several.
    """
    bare = given.rpartition("/")[2].removesuffix(_FILE_ENDINGS[0]).removesuffix(_FILE_ENDINGS[1])
    if bare in titles:
        return bare
    wanted = _plain(bare)
    plain = {code: _plain(title) for code, title in titles.items()}
    found = [code for code, title in plain.items() if wanted and title == wanted]
    found = found or [code for code, title in plain.items() if wanted and not wanted.isascii() and wanted in title]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"{'有几份文书都叫' if found else '没有'}“{given}”{'' if found else '这份文书'}。",
        fix=_hint(bare, found, titles),
    )


def _plain(title: str) -> str:
    """A title without what people write now so, now so: width, brackets, spaces, book-title marks and ××."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", title))


def _share_found(wanted: str, name: str) -> float:
    """The share of a name's characters that stand in another in the same order, at least two together."""
    blocks = difflib.SequenceMatcher(None, wanted, name, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / max(len(wanted), 1)


def _hint(given: str, found: list[str], titles: Mapping[str, str]) -> str:
    if found:
        return f"请写全名或者代号：{'、'.join(f'{titles[code]}（{code}）' for code in found)}。"
    wanted = _plain(given)
    near = {
        code: max(_share_found(wanted, code), _share_found(wanted, _plain(title))) for code, title in titles.items()
    }
    best = max(near, key=lambda code: (near[code], -len(titles[code])))
    guess = f"是不是“{best}”（{titles[best]}）？" if near[best] >= _SIMILARITY else ""
    return f"{guess}可用的名称（代号）：{'、'.join(f'{title}（{code}）' for code, title in titles.items())}。"
