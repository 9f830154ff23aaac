"""A document made of a template that the cache keeps is the one that docxtpl makes, and nothing of a case is kept."""

import shutil
from pathlib import Path

import pytest

from bundler import cache
from bundler.bundle.draft_single_papers import require_printable_case
from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.documents import word_template
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder, list_copies
from bundler.documents.drafting import draft_document
from bundler.documents.prepared_templates import load_prepared
from bundler.errors import TemplateError
from bundler.profile import load_profile
from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx
from tests.support.paths import SAMPLES

TEMPLATES = find_templates_folder(None)
PROFILE = load_profile(None)
CASES = ("write-off-complete", "archive-complete", "declined")


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[bool]:
    """An empty cache; whether each filling since then found its template there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found: list[bool] = []

    def load(name: str) -> object:
        prepared = load_prepared(name)
        found.append(prepared is not None)
        return prepared

    monkeypatch.setattr(word_template, "load_prepared", load)
    return found


def case_of(sample: str) -> Case:
    """The case of a sample."""
    return require_printable_case(read_case(str(SAMPLES / sample)), PROFILE.regulation)


@pytest.mark.parametrize("sample", CASES)
def test_documents_are_those_of_docxtpl(sample: str, used: list[bool]) -> None:
    """Every paper that a sample fills, in each of its copies: the same file, and the same blocks and findings when it is typeset."""
    case = case_of(sample)
    for document in DOCUMENTS.values():
        for copy in [] if find_missing_fields(document.id, case, PROFILE.regulation) else list_copies(document, case):
            first = draft_document(case, document, PROFILE, TEMPLATES, copy)
            second = draft_document(case, document, PROFILE, TEMPLATES, copy)
            unpacked = draft_document(case, document, PROFILE, TEMPLATES, copy, packed=False)

            assert used[-2:] == [True, True]
            assert first == second, document.id
            assert read_blocks(unpacked) == read_blocks(first), document.id
            assert check_docx(unpacked) == check_docx(first), document.id
    assert len(used) >= 3 * 3


def test_nothing_of_a_case_is_kept(used: list[bool]) -> None:
    """The file of a template in the cache has its text, not the name or the number of the first case that filled it."""
    case = case_of("write-off-complete")
    draft_document(case, DOCUMENTS["acceptance_notice"], PROFILE, TEMPLATES)
    kept = b"".join(path.read_bytes() for path in cache.cache_folder().iterdir())

    assert used == [False]
    assert str(case.registration.no).encode() not in kept
    assert all(str(petitioner.name).encode() not in kept for petitioner in case.petitioners)


def test_a_changed_template_is_prepared_anew(used: list[bool], tmp_path: Path) -> None:
    """Its own file and that of the building blocks are parts of the key; a damaged entry is not used."""
    case, document = case_of("write-off-complete"), DOCUMENTS["acceptance_notice"]
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    draft_document(case, document, PROFILE, folder)
    shutil.copy(folder / "commitment.docx", folder / "building_blocks.docx")
    with pytest.raises(TemplateError):
        draft_document(case, document, PROFILE, folder)
    shutil.copy(TEMPLATES / "building_blocks.docx", folder / "building_blocks.docx")
    for path in cache.cache_folder().glob("prepared-*"):
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    draft_document(case, document, PROFILE, folder)

    assert used == [False, False, False]
