"""Titles break between words, and are widest above, below or in the middle (GB/T 9704)."""

from __future__ import annotations

import pytest

from bundler.documents.break_title_lines import break_title
from bundler.printable_text import em_width
from tests.support.documents import draft_paragraphs
from tests.support.variants import VARIANTS


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于报请核销执行申诉信访案件的请示", ("关于报请核销执行申诉信访案件的请示",)),
        (
            "关于甲某某反映执行进度问题信访事项办理情况的报告",
            ("关于甲某某反映执行进度问题", "信访事项办理情况的报告"),
        ),
        (
            "关于甲某某等6人反映未及时处置财产问题信访事项办理进展情况的报告",
            ("关于甲某某等6人反映未及时处置财产问题", "信访事项办理进展情况的报告"),
        ),
        (
            "关于甲某某信访事项不属于本院涉执信访管辖范围的说明",
            ("关于甲某某信访事项不属于", "本院涉执信访管辖范围的说明"),
        ),
        (
            "关于甲某某反映终结本次执行程序不当问题信访事项办理情况的报告",
            ("关于甲某某反映终结本次执行程序不当问题", "信访事项办理情况的报告"),
        ),
    ],
)
def test_a_title_breaks_between_words(title: str, lines: tuple[str, ...]) -> None:
    """终结本次执行程序, a name and 管辖范围 stay whole."""
    assert break_title(title) == lines


@pytest.mark.parametrize(
    "names",
    [
        "甲某某",
        "甲某某、丙某某、戊某某",
        "阿某某江·买买提某某·吐尔逊某某",
        "钢城区样某某某新材料科技发展（集团）股份有限公司样某某工业园区第二分公司",
        "某" * 50,
    ],
)
@pytest.mark.parametrize("about", ["执行进度问题", "未及时查控财产、终结本次执行程序不当、发放执行款不及时等问题"])
def test_every_line_fits_and_nothing_is_lost(names: str, about: str) -> None:
    """Whatever the names; no line is longer than the page allows, begins with a mark, or is narrowest in the middle."""
    title = f"关于{names}反映{about}信访事项办理情况的报告"
    lines = break_title(title)
    widths = [em_width(line) for line in lines]

    assert "".join(lines) == title
    assert max(widths) <= 21
    assert not [line for line in lines if line[0] in "、，）的等·"]


def test_the_report_has_the_lines_of_its_title() -> None:
    """In the Word file each line is a paragraph, so that Word breaks it at the same place."""
    paragraphs = draft_paragraphs(VARIANTS["2024"], "supervision_report")

    assert "关于甲某某反映未及时查控财产问题" in paragraphs
    assert "信访事项办理情况的报告" in paragraphs
