"""A regulation's file: what is wrong in it is told in office Chinese with its place, and nothing is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bundler.errors import UsageError
from bundler.profile import load_profile
from bundler.regulation.load import load_regulation
from bundler.regulation.model import in_hanzi
from bundler.regulation.papers import PAPER_KINDS
from tests.support.paths import ROOT, SAMPLES

OTHER = SAMPLES / "other-regulation"


def court(folder: Path, *changes: tuple[str, str]) -> Path:
    """The profile of the other court, with changes in its regulation."""
    text = (OTHER / "regulation.toml").read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / "regulation.toml").write_text(text, "utf-8")
    (folder / "profile.toml").write_bytes((OTHER / "profile.toml").read_bytes())
    return folder / "profile.toml"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("days = 7", "days = 0", "期限 limits.interview.days：不能小于 1"),
        ("days = 7", 'days = "七"', "期限 limits.interview.days：要写整数，如 30，不加引号"),
        ("days = 7", 'days = "7"', "期限 limits.interview.days：数字不加引号"),
        ("days = 7", "days = 3.5", "期限 limits.interview.days：要写整数"),
        ("explained = false", 'explained = "false"', "的 explained：要写 true 或者 false，不加引号"),
        ('short = "办理规程"', "short = 7", "short：要写文字，用英文引号括起来"),
        ('short = "办理规程"', "short = “办理规程”", '第 6 行“short = “办理规程””：引号要用英文的（直的）"'),
        ('short = "办理规程"', 'short = "办理规程”', '第 6 行“short = "办理规程””：引号没有成对'),
        ("days = 7", "days ＝ 7", "行“days ＝ 7”：“＝”要用英文的 ="),
        ("days = 7", "days = 7\ndays = 8", "同一项、同一段写了两次"),
        ("days = 7", "days = 七", "行“days = 七”：等号后面的写法不对"),
        ('kind = "working"', 'kind = "工作日"', "期限 limits.interview.kind：填错，只能写：'calendar'、'working'"),
        ('paper = "investigation"', 'paper = "inquiry"', "信访档案的内容 archive.items 第 4 个的 paper：没有这种材料"),
        (
            'paper = "investigation"',
            'paper = "调查笔录"',
            "没有这种材料，是不是 investigation（调查记录）；可以写：registration（信访件登记）",
        ),
        (
            "{transfer}",
            "{transfr}",
            "rules.ART13-TRANSFER 里不认识 {transfr}，可以写：{transfer}、{interview}、{reply}、{grounds}",
        ),
        ("{label}", "{lable}", "rules.ART14-n 里不认识 {lable}，可以写：{label}"),
        ("{transfer}", "{transfer", "rules.ART13-TRANSFER 里有一个大括号不成对"),
        ("{transfer}", "｛transfer｝", "rules.ART13-TRANSFER 里有一个大括号不成对，或者是中文的大括号"),
        ('requires = "', 'requires = "{x}', "的 requires 里不认识 {x}，这里不能写大括号"),
        ('short = "办理规程"', 'short = "{办理规程}"', "short 里不认识 {办理规程}，这里不能写大括号"),
        ("explained = false", "explaind = false", "不予受理的情形 refusal.items 第 5 个的 explaind：不认识"),
        ('short = "办理规程"\n', "", "short：没有写"),
        ("rules.ART08 =", "rules.ART8 =", "没有规则 ART8"),
        ('rules.ART16-n = "信访卷宗须有{label}。"\n', "", "没有一条写 ART16-n"),
        ('figures = "第二十六条"', 'figures = "第九十条"', "duties.figures 写的“第九十条”不在各条里"),
        ('paper = "hearing_record"', 'paper = "evidence"', "材料 evidence 列了两次"),
        ('paper = "investigation"', 'paper = "investigation"\ndated = true', "材料 investigation 没有可以核对的日期"),
        ("ground = 3", "ground = 6", "不予受理的情形 ground = 6 写了两次"),
        ('"commitment", "other",', '"commitment",', "binding.archive 的最后一个应是 other"),
        ('"hearing_record", "evidence"', '"evidence"', "binding.archive 没有写 hearing_record"),
        ("ground = 6", "ground = 31", "不予受理的情形 refusal.items 第 1 个的 ground：不能大于 30"),
        ("ground = 6", "ground = 9", "不予受理的情形 ground = 9 是本院另有的情形，要写 notice"),
        ("ground = 8", "ground = 1", "不予受理的情形 ground = 1 的释明写在模板里，不能写 notice"),
        ("{matter}", "{事项}", "的 notice.found 里不认识 {事项}，可以写：{you}、{case_numbers}"),
        ("[limits.reply]", "[limits.reply", "不是正确的 TOML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, before: str, after: str, message: str) -> None:
    """One sentence each, with the key as it stands in the file."""
    with pytest.raises(UsageError) as told:
        load_profile(court(tmp_path, (before, after)))
    assert message in told.value.message
    assert "regulation.toml" in told.value.message
    assert told.value.fix


def test_values_and_contradictions_are_told_at_once(tmp_path: Path) -> None:
    """Unless a wrong value may be the reason of a contradiction: a misspelt paper is missing nowhere else."""
    wrong = [("days = 7", 'days = "7"'), ("explained = false", "explaind = false"), ("{transfer}", "{transfr}")]
    with pytest.raises(UsageError) as told:
        load_profile(court(tmp_path, *wrong, ('figures = "第二十六条"', 'figures = "第九十条"')))
    assert "有 4 处不对" in told.value.message
    for words in ("数字不加引号", "explaind：不认识", "不认识 {transfr}", "“第九十条”不在各条里"):
        assert words in told.value.message
    with pytest.raises(UsageError, match="有 1 处不对"):
        load_profile(court(tmp_path, ('paper = "investigation"', 'paper = "inquiry"')))


@pytest.mark.parametrize("name", ["../regulation.toml", "/etc/passwd.toml", "没有.toml", "gangcheng"])
def test_only_a_file_beside_the_profile_or_a_shipped_one_is_read(tmp_path: Path, name: str) -> None:
    """No path leads elsewhere."""
    path = court(tmp_path)
    path.write_text(path.read_text("utf-8").replace('regulation.toml"', f'{name}"'), "utf-8")
    with pytest.raises(UsageError, match="规定"):
        load_profile(path)


def test_the_shipped_regulation_is_that_of_a_profile_that_names_none(tmp_path: Path) -> None:
    """As profiles from before had it: with their own title; the digest of such a profile is as it was."""
    path = tmp_path / "court.toml"
    path.write_text('court_name = "某院"\ncourt_code = "某01"\nrule_title = "某规定"\nrule_no = "某号"\n', "utf-8")
    profile = load_profile(path)
    assert profile.regulation is load_regulation()
    assert (profile.rule_title, profile.rule_short) == ("某规定", "实施意见")
    assert load_profile(OTHER / "profile.toml").rule_title == "样某县人民法院执行信访案件办理规程"


def test_numbers_are_written_in_chinese() -> None:
    """As counts of items and numbers of items need them."""
    assert [in_hanzi(number) for number in (1, 9, 10, 12, 20, 34)] == ["一", "九", "十", "十二", "二十", "三十四"]


def test_a_court_without_a_limit_of_a_superior_court_leaves_it_out(tmp_path: Path) -> None:
    """Then no case is told of one."""
    text = (OTHER / "regulation.toml").read_text("utf-8")
    section = text[text.index("[limits.superior]") : text.index("[acceptance]")]
    assert load_profile(court(tmp_path, (section, ""))).regulation.limits.superior is None


def test_the_guide_lists_every_paper() -> None:
    """With its usual name, in the order of the table in the code."""
    guide = (ROOT / "docs" / "another-court.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", guide, re.MULTILINE)
    assert rows == [(kind.item.value, kind.name) for kind in PAPER_KINDS.values()]
    assert f"{len(rows)} 种材料" in guide


def test_a_key_below_a_heading_is_told_where_it_belongs(tmp_path: Path) -> None:
    """Whoever adds the regulation at the end of a copied profile has put it into its last section."""
    path = court(tmp_path)
    text = path.read_text("utf-8").replace('regulation = "regulation.toml"', "")
    path.write_text(f'{text}\n[switches]\ncite_rule = true\nregulation = "regulation.toml"\n', "utf-8")
    with pytest.raises(UsageError) as told:
        load_profile(path)
    assert "switches.regulation" in told.value.message
    assert "regulation 要写在第一个方括号（如 [switches]）以前" in (told.value.fix or "")
