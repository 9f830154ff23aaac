"""Compare a bundle with the one that is built anew from the case at hand.

With the same release, fonts, templates, profile and text libraries both files are the same bytes. With others, pages that
differ in bytes are compared by what they show and say. Pages that look and read the same are proved in any surroundings;
where they differ and the surroundings differ too, that is no proof of a change, and no success either.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bundler.case.reader import ReadResult
from bundler.manifest.model import MANIFEST_NAME, Manifest
from bundler.verification.compare_page_looks import find_different_pages
from bundler.verification.inspection_result import Observation
from bundler.verification.problem_codes import SOURCE_CODES, Problem, describe_page
from bundler.verification.rebuild_from_case import CaseAtHand, NotRebuiltError, Rebuilt, rebuild
from bundler.verification.structure_reading import find_differences


class Basis(StrEnum):
    """By what a bundle and the one built anew are the same."""

    BYTES = "bytes"
    """Every byte."""
    PAGES = "pages"
    """The digest of every page, the manifest and the structure; an earlier case.json is not in the file."""
    APPEARANCE = "appearance"
    """Text, picture and image data of the pages whose bytes differ; the digest of the others; manifest and structure."""


@dataclass(frozen=True, slots=True)
class CaseComparison:
    """The result.

    Attributes:
        problems: the differences, and what could not be compared.
        basis: by what they are the same; None where they are not.
        surroundings: what is other here than where the bundle was built, in Chinese.
    """

    problems: tuple[Problem, ...]
    basis: Basis | None = None
    surroundings: tuple[str, ...] = ()


DIFFERENCE_CODES = frozenset({"PAGE-NOT-FROM-CASE", "MANIFEST-NOT-FROM-CASE", "FILE-NOT-FROM-CASE"})
"""The problems that say that the case gives another bundle."""
UNPROVED_CODES = frozenset({"CASE-NOT-COMPARABLE", "CASE-INCOMPLETE", "CASE-EARLIER-UNPROVED"})
"""The problems that say that nothing could be compared."""
CASE_CODES = DIFFERENCE_CODES | UNPROVED_CODES | (SOURCE_CODES - {"SOURCE-NEW"})
"""The problems that concern the case at hand, and not what the bundle says of itself."""
_NAMES = {
    "registration_no": "登记号",
    "kind": "卷宗类别",
    "volume": "全卷或者正卷",
    "part": "分册",
    "pages": "页数",
    "papers": "各件",
    "sources": "来源文件",
    "left_out": "没有装入的材料",
    "case": "案件数据",
    "findings": "检查提示",
}
"""The parts of a manifest that hang on the case alone."""


def compare_with_case(
    path: Path, observed: Observation, manifest: Manifest, current: ReadResult, hand: CaseAtHand
) -> CaseComparison:
    """Build a bundle anew and compare.

    Args:
        path: the bundle.
        observed: what was found in it; nothing in it contradicts its own digests.
        manifest: its manifest.
        current: the case at hand, as it was read; its files are those that the manifest names.
        hand: what is built with.

    Raises:
        OutputError: there is no room for the bundle that is built.
    """
    with tempfile.TemporaryDirectory(prefix="bundler-verify-") as folder:
        try:
            made = rebuild(observed, manifest, current, hand, Path(folder))
        except NotRebuiltError as error:
            return CaseComparison((error.problem,))
        seals = [one.seal.found for one in (observed, made.observed) if one.seal is not None]
        if made.is_exact and len(seals) == 2 and seals[0] == seals[1]:  # noqa: PLR2004 (both files)
            return CaseComparison((), Basis.BYTES)
        steps = (*(observed.earlier[one.file] for one in manifest.earlier), manifest)
        pairs = zip(steps, made.manifests, strict=True)
        surroundings = tuple(dict.fromkeys(text for pair in pairs for text in _surroundings(*pair)))
        problems = [
            *_manifest_problems(manifest, made),
            *_page_problems(path, observed, made, by_bytes=not surroundings),
        ]
        problems += _structure_problems(observed, made.observed)
    if problems and surroundings:
        text = f"本机与成卷时的环境不同（{'；'.join(surroundings)}），重做的卷与这一卷不一样，不能证明。"
        return CaseComparison((Problem("CASE-NOT-COMPARABLE", text), *problems), surroundings=surroundings)
    if not problems and made.is_exact and not surroundings:
        problems = [Problem("FILE-NOT-FROM-CASE", "各页与用案件重做的卷一致，文件的其他部分不同。")]
    if problems:
        return CaseComparison(tuple(problems))
    return CaseComparison((), Basis.APPEARANCE if surroundings else Basis.PAGES, surroundings)


def _surroundings(stated: Manifest, made: Manifest) -> Iterator[str]:
    """What the bytes hang on besides the case, and is other here than the manifest states."""
    if stated.tool.version != made.tool.version:
        yield f"工具的版本（成卷时 {stated.tool.version}，本机 {made.tool.version}）"
    if not stated.tool.libraries:
        yield "成卷时没有记下排版程序库的版本"
    else:
        yield from _other_libraries(stated.tool.libraries, made.tool.libraries)
    for what, old, new in (("字体", stated.fonts, made.fonts), ("模板", stated.templates, made.templates)):
        names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
        if names:
            yield f"{what}（{'、'.join(names[:3])}{' 等' if len(names) > 3 else ''}）"  # noqa: PLR2004 (three are enough to name)
    if stated.profile != made.profile:
        yield "法院配置"
    if stated.regulation != made.regulation:
        yield "规定"


def _other_libraries(stated: Mapping[str, str], made: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*stated, *made}):
        old, new = stated.get(name, "无"), made.get(name, "无")
        if old != new:
            yield f"程序库 {name}（成卷时 {old}，本机 {new}）"


def _manifest_problems(manifest: Manifest, made: Rebuilt) -> Iterator[Problem]:
    """Whether the manifest says of the case what the one built anew says."""
    other = made.manifests[-1]
    names = [
        text
        for key, text in _NAMES.items()
        if getattr(manifest, key) != getattr(other, key) and (key != "case" or made.is_exact)
    ]
    if [one.pages for one in manifest.earlier] != [one.pages for one in other.earlier]:
        names.append("补充以前的页数")
    if names:
        text = f"清单的这些项与用案件重做的卷不同：{'、'.join(names)}。"
        yield Problem("MANIFEST-NOT-FROM-CASE", text, file=MANIFEST_NAME)


def _page_problems(path: Path, observed: Observation, made: Rebuilt, *, by_bytes: bool) -> Iterator[Problem]:
    """The pages that are not those that the case gives."""
    old, new = observed.pages, made.observed.pages
    if len(old) != len(new):
        yield Problem("PAGE-NOT-FROM-CASE", f"文件有 {len(old)} 页，用案件重做的卷有 {len(new)} 页。")
        return
    differing = [n for n in range(len(old)) if old[n].sha256 != new[n].sha256]
    what: dict[int, str] | None = dict.fromkeys(differing, "内容")
    if not by_bytes:
        what = find_different_pages(path, made.path, differing)
    if what is None:
        yield Problem("CASE-NOT-COMPARABLE", "各页的画面比较不了：展开后过大，或者超时。")
        return
    for n in range(len(old)):
        if n in what:
            text = f"文件{describe_page(n + 1, old[n].label)}的{what[n]}与用案件重做的这一页不同。"
            yield Problem("PAGE-NOT-FROM-CASE", text, n + 1)
        elif (old[n].label, old[n].links) != (new[n].label, new[n].links):
            text = f"文件{describe_page(n + 1, old[n].label)}的标签或者链接与用案件重做的这一页不同。"
            yield Problem("PAGE-NOT-FROM-CASE", text, n + 1)


def _structure_problems(observed: Observation, made: Observation) -> Iterator[Problem]:
    """Whether title, outline, links and embedded files are those of the file built anew, whatever their object numbers."""
    if observed.structure is None or made.structure is None:
        return
    names = [*find_differences(observed.structure.comparable, made.structure.comparable)]
    if observed.title != made.title:
        names.append("题名")
    if names:
        yield Problem("FILE-NOT-FROM-CASE", f"文件的这些部分与用案件重做的卷不同：{'、'.join(names)}。")


def comparison_line(comparison: CaseComparison) -> str:
    """Describe the comparison in one Chinese sentence."""
    if comparison.basis is Basis.BYTES:
        return "用案件重新成卷，与这一卷逐字节相同。"
    if comparison.basis is Basis.PAGES:
        return "用案件重新成卷，各页内容和清单与这一卷相同。"
    if comparison.basis is Basis.APPEARANCE:
        other = "；".join(comparison.surroundings)
        return f"用案件重新成卷：本机与成卷时的环境不同（{other}），不能逐字节比较；各页的文字、画面、图像和清单、书签都相同。"
    return "用案件重新成卷，不能证明这一卷出自本案，见上。"
