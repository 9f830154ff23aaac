"""A bundle compared with its own manifest, and the manifest with the case folder from which the bundle was made."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from bundler.bind.volume_scope import VolumeScope
from bundler.case.reader import ReadResult
from bundler.digest import sha256_of
from bundler.manifest.model import CASE_NAME, MANIFEST_NAME, Manifest, ManifestPage, ManifestSource
from bundler.materials.safe_opening import OpeningError, read_file
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind
from bundler.scan_reading.case_readings import record_name
from bundler.verification.inspection_result import Observation, ObservedPage
from bundler.verification.problem_codes import Problem, describe_page

_FAULTS = {
    "damaged": Problem("PDF-DAMAGED", "文件已损坏，打不开。"),
    "encrypted": Problem("PDF-ENCRYPTED", "文件被加了打开密码；成卷时没有密码。"),
    "large": Problem("PDF-TOO-LARGE", "文件展开后过大，或者读取超时，不能核对。"),
}


def structure(observed: Observation) -> Iterator[Problem]:
    """Whether the file opens and has its seal, and nothing was appended or added."""
    if observed.fault:
        yield _FAULTS[observed.fault]
    if observed.seal is None:
        yield Problem("SEAL-MISSING", "没有封存标识：文件被别的软件重新保存过，或者标识被改动。")
    elif not observed.seal.holds:
        yield Problem("BYTES-CHANGED", "文件的字节被改动，与封存摘要不一致。")
    if observed.appended == "update" and not observed.only_signed:
        yield Problem("UPDATE-APPENDED", "成卷以后被追加过修改（增量更新）。")
    elif observed.appended == "data":
        yield Problem("DATA-APPENDED", "文件末尾被追加了数据。")
    if not observed.fault:
        yield from _format_problems(observed)


def _format_problems(observed: Observation) -> Iterator[Problem]:
    """Whether it is still an unencrypted PDF/A-3b without active content."""
    if observed.encrypted:
        yield Problem("PDF-ENCRYPTED", "文件被加密；成卷时没有加密。")
    if observed.repaired:
        yield Problem("PDF-DAMAGED", "文件的结构有损坏，靠推测才能打开。")
    if observed.has_false_counts:
        yield Problem("PARSER-DISAGREES", "页面目录写明的页数与实际不符：不同的阅读软件会显示出不同的页。")
    if observed.disagreements:
        what = "、".join(observed.disagreements)
        yield Problem("PARSER-DISAGREES", f"两个程序库读出的{what}不一样：不同的阅读软件会显示出不同的内容。")
    if observed.actions:
        yield Problem("ACTIVE-CONTENT", f"文件里有成卷时没有的内容：{'、'.join(observed.actions)}。")
    if observed.fonts:
        yield Problem("FONT-NOT-EMBEDDED", f"这些字体没有嵌入：{'、'.join(observed.fonts)}。")
    if not observed.claims_pdfa:
        yield Problem("FORMAT-MISMATCH", "文件没有标明为 PDF/A-3b，或者缺少输出意图。")


def manifest_integrity(observed: Observation) -> Iterator[Problem]:
    """Whether the manifest exists, is valid, and is the one that was sealed."""
    if observed.manifest_fault:
        yield Problem("MANIFEST-INVALID", f"卷宗清单不能用：{observed.manifest_fault}。", file=MANIFEST_NAME)
    elif observed.manifest is None:
        yield Problem("MANIFEST-MISSING", "卷宗清单不在文件里，无法逐页核对。", file=MANIFEST_NAME)
        return
    if observed.manifest_sha256 != (observed.seal.manifest if observed.seal else observed.identifier):
        yield Problem("MANIFEST-CHANGED", "卷宗清单被改动，与文件标识不一致。", file=MANIFEST_NAME)


def completeness(observed: Observation, manifest: Manifest, regulation: Regulation | None) -> Iterator[Problem]:
    """Whether embedded files, items and title are complete, and nothing was added.

    Args:
        observed: what was found in the file.
        manifest: its manifest.
        regulation: the regulation whose items a whole volume has; None where it is not at hand.
    """
    yield from _embedded_problems(observed, manifest)
    yield from _earlier_problems(observed, manifest)
    if regulation:
        yield from _item_problems(manifest, regulation)
    if manifest.registration_no not in observed.title:
        yield Problem("TITLE-MISMATCH", "文件的题名里没有清单上的登记号。")


def _embedded_problems(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    expected = {MANIFEST_NAME: observed.manifest_sha256, **{one.file: one.sha256 for one in manifest.earlier}}
    before = {_case_of(name): one.case for name, one in observed.earlier.items()}
    expected |= {name: case.sha256 for name, case in (before | {CASE_NAME: manifest.case}).items() if case.embedded}
    found = {file.name: file.sha256 for file in observed.embedded}
    for name in sorted(set(expected) - set(found)):
        yield Problem("EMBEDDED-MISSING", f"随附的“{name}”不在文件里。", file=name)
    for name in sorted(set(found) - set(expected)):
        yield Problem("EMBEDDED-EXTRA", f"多出附件“{name}”，成卷时没有。", file=name)
    for name in sorted(set(found) & set(expected)):
        if found[name] != expected[name]:
            yield Problem("EMBEDDED-CHANGED", f"随附的“{name}”被改动。", file=name)


def _earlier_problems(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    """Whether the pages of each earlier bundle come first and are unchanged."""
    for one in manifest.earlier:
        before = observed.earlier.get(one.file)
        if before is None or before.page_digests != manifest.page_digests[: one.pages]:
            yield Problem("EARLIER-MISMATCH", f"补充以前的各页与原清单“{one.file}”不符。", file=one.file)


def _case_of(manifest_name: str) -> str:
    """The name of the embedded case of an earlier bundle, derived from the name of its manifest."""
    return manifest_name.replace(MANIFEST_NAME.removesuffix(".json"), CASE_NAME.removesuffix(".json"))


def agreement(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    """Whether index, outline and page labels agree with the manifest; the pages must be in their order."""
    yield from _label_problems(observed, manifest)
    yield from _index_problems(observed, manifest)
    yield from _outline_problems(observed, manifest)


def _label_problems(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    pairs = zip(observed.pages, manifest.page_digests, strict=False)
    for place, (page, expected) in enumerate(pairs, start=1):
        if page.label != expected.label:
            yield Problem(
                "LABEL-MISMATCH", f"文件第 {place} 页的页面标签是“{page.label}”，应为“{expected.label}”。", place
            )


def _index_problems(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    """Whether the links of the index are unchanged, and each paper's line leads to its first page."""
    pairs = zip(observed.pages, manifest.page_digests, strict=False)
    for place, (page, expected) in enumerate(pairs, start=1):
        if page.links != expected.links:
            yield Problem("INDEX-MISMATCH", f"文件{describe_page(place, expected.label)}的链接与原来不符。", place)
    linked = {folio for page in manifest.page_digests for folio in page.links}
    for paper in manifest.papers:
        if paper.first_page in manifest.folios and paper.first_page not in linked:
            yield Problem("INDEX-MISMATCH", f"目录没有指向“{paper.title}”的首页（页号 {paper.first_page}）。")


def _outline_problems(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    found = {(entry.title, entry.label) for entry in observed.outline}
    expected = {
        (
            f"{paper.title}　{_format_folios(paper.first_page, paper.last_page)}",
            str(max(paper.first_page, manifest.folios[0])),
        )
        for paper in manifest.papers
    }
    for title, label in sorted(expected - found):
        yield Problem("OUTLINE-MISMATCH", f"书签里没有“{title}”，或者它不指向页号 {label}。")
    for title, led in sorted(found - expected, key=str):
        yield Problem("OUTLINE-MISMATCH", f"书签“{title}”（指向页号 {led or '无'}）不在清单里。")


def _format_folios(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"


def _item_problems(manifest: Manifest, regulation: Regulation) -> Iterator[Problem]:
    """Whether a whole volume has the items of the petition archive."""
    if manifest.kind is BundleKind.DECLINED or manifest.volume is not VolumeScope.WHOLE or manifest.part.of > 1:
        return
    present = {paper.item for paper in manifest.papers} | {item for source in manifest.sources for item in source.items}
    for paper in regulation.archive_items:
        if paper.item not in present:
            yield Problem("ITEM-MISSING", f"卷内没有{paper.article}第 {paper.number} 项“{paper.label}”。")


def fixity(observed: Observation, manifest: Manifest) -> Iterator[Problem]:
    """Whether each page is unchanged: which are missing, added, moved or changed."""
    old, new = manifest.page_digests, observed.pages
    places = {page.sha256: place for place, page in enumerate(old)}
    kept = {page.sha256 for page in new}
    for was, place in _differing_pages([page.sha256 for page in old], [page.sha256 for page in new]):
        known = places.get(new[place].sha256 or "") if place is not None else None
        if place is not None and known is not None:
            message = f"文件第 {place + 1} 页原来是{describe_page(known + 1, old[known].label)}。"
            yield Problem("PAGE-MOVED", message, place + 1)
        elif place is not None and was is not None and old[was].sha256 not in kept:
            yield _page_changed(place, new[place], old[was])
        elif place is not None:
            yield Problem("PAGE-ADDED", f"文件第 {place + 1} 页是成卷以后加进来的。", place + 1)
        if was is not None and old[was].sha256 not in kept and (place is None or known is not None):
            yield Problem("PAGE-MISSING", f"原来的{describe_page(was + 1, old[was].label)}不在文件里。", was + 1)


def _page_changed(place: int, page: ObservedPage, was: ManifestPage) -> Problem:
    if page.sha256 is None:
        return Problem("PAGE-UNREADABLE", f"文件{describe_page(place + 1, was.label)}读不出来。", place + 1)
    return Problem("PAGE-CHANGED", f"文件{describe_page(place + 1, was.label)}的内容被改动。", place + 1)


def _differing_pages(old: list[str], new: list[str | None]) -> Iterator[tuple[int | None, int | None]]:
    """Indices at which two lists differ, in the old and in the new one; None where one list has no counterpart."""
    if len(old) == len(new):
        yield from ((place, place) for place, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
        return
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield from zip_longest(range(i1, i2), range(j1, j2))


def source_files(manifest: Manifest, reading: ReadResult, *, is_later: bool = False) -> Iterator[Problem]:
    """Whether case.json and each attached file are those that were bound.

    Args:
        manifest: the bundle's manifest.
        reading: the case at hand.
        is_later: the case may have changed and got more materials since.
    """
    if not reading.data:
        yield Problem("CASE-UNREADABLE", "案件文件夹里没有读得出来的 case.json，不能与来源核对。", file=CASE_NAME)
        return
    other = _number_of_other_case(manifest, reading)
    if other is not None:
        text = f"给出的案件是另一件：登记号是“{other}”，这一卷的是“{manifest.registration_no}”。"
        yield Problem("CASE-CHANGED", text, file=CASE_NAME)
        return
    if sha256_of(reading.data) != manifest.case.sha256 and not is_later:
        yield Problem("CASE-CHANGED", "case.json 与成卷时不同。", file=CASE_NAME)
    digests: dict[str, str | None] = {}
    for source in manifest.sources:
        if source.file not in digests:
            digests[source.file] = _source_digest(reading.folder, source.file)
            yield from _compare_source(source.file, source.sha256, digests[source.file])
            yield from _compare_reading(source, reading.folder)
    named = {material.file for material in reading.case.materials} if reading.case and not is_later else set()
    left_out = {one.sha256 for one in manifest.left_out}
    for file in sorted(named - set(digests)):
        if _source_digest(reading.folder, file) not in left_out and manifest.part.of == 1:
            yield Problem("SOURCE-NEW", f"“{file}”在案件里，不在卷里。", file=file)


def _number_of_other_case(manifest: Manifest, reading: ReadResult) -> str | None:
    """The 登记号 of the case at hand, where it is another case than the bundle's: another number, and none of its files."""
    number = reading.case.registration.no if reading.case else None
    if number is None or number == manifest.registration_no:
        return None
    is_the_same = any(_source_digest(reading.folder, one.file) == one.sha256 for one in manifest.sources)
    return None if is_the_same else number


def _compare_source(file: str, expected: str, found: str | None) -> Iterator[Problem]:
    if found is None:
        yield Problem("SOURCE-MISSING", f"来源文件“{file}”不在案件文件夹里，或者打不开。", file=file)
    elif found != expected:
        yield Problem("SOURCE-CHANGED", f"来源文件“{file}”与装订时不同。", file=file)


def _compare_reading(source: ManifestSource, folder: Path) -> Iterator[Problem]:
    """Whether the record of what was read on a file is the one from which the text layer was written."""
    if source.reading is None:
        return
    found = _source_digest(folder, record_name(source.sha256))
    if found is None:
        text = f"来源文件“{source.file}”的识读记录不在案件文件夹里，双层PDF 的文字不能核对。"
        yield Problem("SOURCE-MISSING", text, file=source.file)
    elif found != source.reading:
        text = f"来源文件“{source.file}”的识读记录与装订时不同，双层PDF 的文字不能核对。"
        yield Problem("SOURCE-CHANGED", text, file=source.file)


def _source_digest(folder: Path, file: str) -> str | None:
    try:
        return sha256_of(read_file(folder, file))
    except (OpeningError, OSError):
        return None
