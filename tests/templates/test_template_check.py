"""The static check reports a broken template with its paragraph, its expression and the closest valid name."""

from __future__ import annotations

import io

import pytest
from docx import Document

from bundler.documents.definitions import DOCUMENTS, find_templates_folder
from bundler.documents.jinja_environment import FILTERS
from bundler.documents.shared_template_passages import load_blocks
from bundler.template_check import filter_signatures
from bundler.template_check.check import check_folder_statically, check_part
from bundler.template_check.read_template_parts import page_part, word_parts
from bundler.template_check.template_contracts import contracts, document_contract
from bundler.template_check.tokens import PartProblem, list_tags
from bundler.template_check.trial_fill import docx_sources
from bundler.template_check.view_types import fields_of
from tests.support.template_mutants import records_of_view

SHIPPED = find_templates_folder(None)


def check_paragraphs(*paragraphs: str, document: str = "acceptance_notice") -> list[PartProblem]:
    """Return the problems of a Word template with these paragraphs."""
    word = Document()
    for paragraph in paragraphs:
        word.add_paragraph(paragraph)
    return check_word_file(word, document)


def check_word_file(word: object, document: str = "acceptance_notice") -> list[PartProblem]:
    """Return the problems of a Word file as the template of a document."""
    target = io.BytesIO()
    word.save(target)  # type: ignore[attr-defined]
    parts = word_parts(target.getvalue(), load_blocks(SHIPPED))
    return [problem for part in parts for problem in check_part(part, document_contract(document))]


def test_every_shipped_template_is_proved() -> None:
    """Word files and pages."""
    assert check_folder_statically(SHIPPED) == []


WRONG = [
    # unknown names and attributes, with the closest known one
    ("{{ reg_nr }}", "没有“reg_nr”这个名称", "reg_no"),
    ("{{ court.nane }}", "没有“nane”这一项", "court.name"),
    ("{{ handler.name }}", "没有“handler”这个名称", "people.handler"),
    ("{{ reg_no.value }}", "没有“value”这一项", ""),
    ("{{ court.__class__ }}", "没有“__class__”这一项", ""),
    ("{{ petitioners.name }}", "没有“name”这一项", "for"),
    ("{{ received_on.year }}", "没有“year”这一项", ""),
    ("{% for one in petitioners %}{{ one.nmae or '' }}{% endfor %}", "没有“nmae”这一项", "one.name"),
    ("{% for one in petitioners %}{{ loop.indx }}{% endfor %}", "没有“indx”这一项", "loop.index"),
    ("{{ one.name }}", "没有“one”这个名称", ""),
    # values that may be absent
    ("{{ brief }}", "可能没有值", "brief or ''"),
    ("{{ assign.body }}", "“assign”可能没有", "{% if assign %}"),
    ("{{ people.leader.name }}", "“people.leader”可能没有", "{% if people.leader %}"),
    ("{% if people.clerk %}{{ people.leader.name }}{% endif %}", "“people.leader”可能没有", ""),
    ("{% if assign %}{{ assign.notice_no }}{% endif %}", "“assign.notice_no”可能没有值", ""),
    ("{% if brief is none %}{{ brief }}{% endif %}", "可能没有值", ""),
    ("{{ interview.held_on|day }}", "“interview.held_on”可能没有", "{% if interview.held_on %}"),
    ("{{ '受' ~ brief }}", "“brief”可能没有值", ""),
    ("{{ cases[0].cause or '' }}", "“cases”可能不到1个", "{% if cases %}"),
    ("{% if cases %}{{ cases[1].cause or '' }}{% endif %}", "“cases”可能不到2个", ""),
    ("{{ case_numbers|names }}", "可能没有值", ""),
    ("{{ case_numbers|first }}", "可能没有值", ""),
    ("{% if register.visit_no > 1 %}重复{% endif %}", "不能比较大小", ""),
    ("{{ register.visit_no + 1 }}", "“register.visit_no”可能没有", ""),
    # values that cannot be printed
    ("{{ received_on }}", "是日期，不能直接印", "received_on|day"),
    ("{% if interview.started_at %}{{ interview.started_at }}{% endif %}", "是时间", "interview.started_at|moment"),
    ("{{ petitioner_names }}", "是一列", "petitioner_names|names"),
    ("{{ petitioners }}", "是一列", "for one in petitioners"),
    ("{{ court }}", "是一组", "court."),
    ("{{ approved }}", "是是否", "|box"),
    ("{{ channel }}", "是代码（letter）", "{% if channel == 'letter' %}"),
    ("{% set spare = reg_no %}", "设了“spare”，后面没有用到", ""),
    # filters
    ("{{ reg_no|day }}", "过滤器“day”只用于日期", "直接写名称"),
    ("{{ received_on|moment }}", "过滤器“moment”只用于带时分的时间", "|day"),
    ("{{ received_on|names }}", "过滤器“names”只用于一列文字", "|day"),
    ("{{ petitioners|names }}", "过滤器“names”只用于一列文字", "|first"),
    ("{{ reg_no|cn }}", "过滤器“cn”只用于数", ""),
    ("{{ received_on|dya }}", "没有“dya”这个过滤器", "day"),
    ("{{ received_on|day('x') }}", "后面不带括号", ""),
    ("{{ reg_no|safe }}", "没有“safe”这个过滤器", ""),
    ("{{ reg_no|length }}", "过滤器“length”只用于一列", ""),
    ("{{ (nature == 'complaint' or nature != 'complaint')|box }}", "永远", ""),
    ("{{ court.name|box }}", "永远选中", ""),
    # loops
    ("{% for one in reg_no %}甲{% endfor %}", "不是一列，不能逐个取", ""),
    ("{% for one in assign %}甲{% endfor %}", "不能逐个取", ""),
    ("{% for a, b in cases %}甲{% endfor %}", "for 后面只写一个名称", ""),
    ("{% if not cases %}{% for one in cases %}甲{% endfor %}{% endif %}", "一定是空的", ""),
    ("{% for one in cases %}{% set seen = 1 %}{% endfor %}{{ seen }}", "没有“seen”这个名称", ""),
    # enumerations
    ("{% if channel == 'vist' %}甲{% endif %}", "永远不会是 'vist'", "'visit'"),
    ("{% if channel in ('visit', 'leter') %}甲{% endif %}", "永远不会是 'leter'", "'letter'"),
    ("{{ ('backlogs' in ledgers)|box }}", "永远不会是 'backlogs'", "'backlog'"),
    ("{% if received_on == '2021-09-16' %}甲{% endif %}", "不能和文字比较", ""),
    ("{% if petitioners|length == 'x' %}甲{% endif %}", "不能和文字比较", ""),
    ("{% if 'x' in court %}甲{% endif %}", "in 只用于一列", ""),
    # unreachable branches
    ("{% if court.name %}甲{% endif %}", "永远成立", "删去"),
    ("{% if not court.name %}甲{% endif %}", "永远不成立", ""),
    ("{% if nature == 'opinion' %}甲{% elif nature == 'opinion' %}乙{% endif %}", "永远不成立", ""),
    ("{% if approved %}甲{% elif not approved %}乙{% else %}丙{% endif %}", "永远成立", ""),
    ("{% if assign %}{% if assign %}甲{% endif %}{% endif %}", "永远成立", ""),
    ("{{ court.name or '本院' }}", "永远有值", "court.name"),
    ("{{ '甲' if court.name else '乙' }}", "永远成立", ""),
    ("{% if cases|length > 3 %}{% if cases|length > 1 %}甲{% endif %}{% endif %}", "永远成立", ""),
    # names that are undefined in some branch
    ("{% if approved %}{% set x = '甲' %}{% endif %}{{ x }}", "“x”在有的情况下没有定义", "set x"),
    ("{{ '甲' if approved }}", "后面没有 else", "else ''"),
    # what templates may not use
    ("{{ reg_no.upper() }}", "不能调用“reg_no.upper(…)”", ""),
    ("{{ reg_no() }}", "不能调用", "reg_no"),
    ("{% include 'x' %}", "不能用 include", ""),
    ("{% import 'x' as y %}", "不能用 import", ""),
    ("{% extends 'x' %}", "不能用 extends", ""),
    ("{% raw %}甲{% endraw %}", "不能用 raw", ""),
    ("{{ reg_no is defined }}", "没有“is defined”这种问法", ""),
    ("{{ {'a': 1} }}", "不支持这种写法", ""),
    # malformed tags
    ("{{ reg_no }", "标记没有写完", ""),
    ("{{ reg_no {{ rule.no }}", "标记没有写完", ""),
    ("reg_no }}", "多出一个“}}”", ""),
    ("｛｛ reg_no ｝｝", "全角", "{{ reg_no }}"),
    ("{{ petitioner_names｜names }}", "标记里有全角标点", "“｜”改成“|”"),
    ("{{ brief or “” }}", "弯引号", '{{ brief or "" }}'),
    ("{% fi approved %}甲", "没有“fi”这种标记", "if"),
    ("{{ brief reg_no }}", "标记写得不对", ""),
    ("{% if approved %}甲", "“if”没有结尾", "endif"),
    ("甲{% endif %}", "前面没有开头的 if", ""),
    ("{% else %}", "前面没有开头的 if", ""),
    ("{% if approved %}{% for one in cases %}{% endif %}{% endfor %}", "“for”没有结尾", ""),
    ("{{p reg_no }}", "不能用", "{{ reg_no }}"),
    ("{%p if approved %}甲", "一起消失", ""),
    ("{%- if approved %}甲{% endif %}", "不用“-”", ""),
    # names outside tags, which would be printed as they are
    ("登记号：{ reg_no }", "一对大括号", "{{ reg_no }}"),
    ("登记号：｛登记号｝", "一对大括号", "{{ reg_no }}"),
    ("登记号：{ { reg_no } }", "有空格", "{{ reg_no }}"),
    ("{ % if approved % }甲{ % endif % }", "有空格", "{% if approved %}"),
    ("登记号：«登记号»", "不是标记", "{{ reg_no }}"),
    ("收到日期：<<收到日期>>", "不是标记", "{{ received_on|day }}"),
    ("登记号：${reg_no}", "一对大括号", "{{ reg_no }}"),
    ("登记号：reg_no", "没有写在 {{ }} 里", "{{ reg_no }}"),
    ("主办院领导：people.leader", "没有写在 {{ }} 里", "{{ people.leader }}"),
    ("登记号：reg_no}", "多出一个“}”", ""),
    # what a wrong name means
    ("{{ register_no }}", "没有“register_no”", "reg_no"),
    ("{{ registration_no }}", "没有“registration_no”", "reg_no"),
    ("{{ recv_on|day }}", "没有“recv_on”", "received_on"),
    ("{{ handler_name }}", "没有“handler_name”", "people.handler.name"),
    ("{{ 登记号 }}", "没有“登记号”", "reg_no"),
    ("{{ 收到日期 }}", "没有“收到日期”", "received_on|day"),
    ("{{ 主办院领导 }}", "没有“主办院领导”", "people.leader.name"),
    ("{% for one in petitioners %}{{ one.姓名 }}{% endfor %}", "没有“姓名”这一项", "one.name"),
    # what other languages write
    ("{% if channel = 'visit' %}甲{% endif %}", "两个等号", "{% if channel == 'visit' %}"),
    ("{{ '甲' if channel = 'visit' else '乙' }}", "两个等号", "channel == 'visit'"),
    ("{% if approved && brief %}甲{% endif %}", "and", "{% if approved and brief %}"),
    ("{% if approved || brief %}甲{% endif %}", "or", "{% if approved or brief %}"),
    ("{% if !approved %}甲{% endif %}", "not", "{% if not approved %}"),
    ("{% if channel <> 'visit' %}甲{% endif %}", "!=", "{% if channel != 'visit' %}"),
    ("{% if approved %}甲{% else if brief %}乙{% endif %}", "elif", "{% elif brief %}"),
    ("{% if approved %}甲{% elseif brief %}乙{% endif %}", "没有“elseif”", "elif"),
    # macros
    ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(brief) }}", "“x”可能没有值", ""),
    ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m() }}", "宏“m”的参数不对", "m(x)"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "没有尽头", ""),
    ("{% macro m() %}{{ nmae }}{% endmacro %}", "没有“nmae”这个名称", ""),
]


@pytest.mark.parametrize(("text", "message", "suggestion"), WRONG, ids=[text for text, _, _ in WRONG])
def test_what_is_wrong_is_told(text: str, message: str, suggestion: str) -> None:
    """With its paragraph and a suggestion."""
    found = check_paragraphs("第一段", text)
    matching = [problem for problem in found if message in problem.message]

    assert matching, found
    assert matching[0].location.number == 2
    assert suggestion in matching[0].suggestion
    assert matching[0].expression in text


RIGHT = [
    "{{ reg_no }}",
    "{{ brief or '有关问题' }}",
    "{% if brief %}{{ brief }}{% endif %}",
    "{% if not brief %}无{% else %}{{ brief }}{% endif %}",
    "{% if brief is none %}无{% else %}{{ brief }}{% endif %}",
    "{{ brief if brief else '无' }}",
    "{% if assign and assign.notice_no %}{{ assign.notice_no }}{% endif %}",
    "{% if not assign or not assign.notice_no %}无{% else %}{{ assign.notice_no }}{% endif %}",
    "{{ received_on|day }}{{ received_on|hanzi }}{{ received_on|year }}",
    "{% if interview.planned %}{{ interview.planned.at|moment }}{% endif %}",
    "{% if case_numbers %}{{ case_numbers[0] }}{{ case_numbers|first }}{{ case_numbers|names }}{% endif %}",
    "{% if cases|length == 1 %}{{ cases[0].no or '' }}{% elif cases|length > 3 %}{{ cases[3].no or '' }}{% endif %}",
    "{% if cases|length >= 2 %}{{ cases[1].no or '' }}{% endif %}",
    "{% if case_numbers|names %}{{ case_numbers|names }}{% endif %}",
    "{{ petitioners[0].name or '' }}",
    "{% for one in petitioners[:3] %}{{ loop.index|cn }}{{ one.name or '' }}{% if not loop.last %}、{% endif %}{% endfor %}",
    "{% for one in cases %}{{ one.no or '' }}{% else %}无{% endfor %}",
    "{% for one in cases if one.no %}{{ one.no }}{% endfor %}",
    "{% if channel in ('visit', 'letter') %}甲{% elif channel == 'phone' %}乙{% endif %}",
    "{% if not document_on %}　年　月　日{% elif date_style == 'hanzi' %}{{ document_on|hanzi }}{% else %}{{ document_on|day }}{% endif %}",
    "{% if register.visit_no and register.visit_no > 1 %}{{ register.visit_no }}{% endif %}",
    "{% if interview.held_on and document_on and interview.held_on <= document_on %}甲{% endif %}",
    "{{ (nature == 'complaint')|box }}{{ ('backlog' in ledgers)|box }}{{ assign|box }}",
    "{% if approved %}{% set x = '甲' %}{% else %}{% set x = '乙' %}{% endif %}{{ x }}",
    "{% set x %}{% if approved %}甲{% endif %}{% endset %}{{ x }}",
    "{% set section = 0 %}{% set section = section + 1 %}{{ section|cn }}",
    "{% macro m(x, y='无') %}{% if x %}{{ x }}{% else %}{{ y }}{% endif %}{% endmacro %}{{ m(brief) }}{{ m('甲', y='乙') }}",
    "{# 说明 {{ 不看 }} #}",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_let_through(text: str) -> None:
    """Guards, defaults and formats, in any notation."""
    assert check_paragraphs(text) == []


def make_table(*texts: tuple[str, ...]) -> object:
    """Return a Word file with one table of these rows."""
    word = Document()
    table = word.add_table(rows=len(texts), cols=len(texts[0]))
    for row, words in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.paragraphs[0].text = text
    return word


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (make_table(("{% if approved %}甲", "乙{% endif %}")), "不在同一段、同一格"),
        (make_table(("{%p if approved %}", "{%p endif %}")), "不在同一段、同一格"),
        (make_table(("{%tr if approved %}", ""), ("甲", "{%p endif %}")), "开头写法不同"),
        (make_table(("{%tr for one in cases %}", "丢失"), ("甲", "乙"), ("{%tr endfor %}", "")), "一起消失"),
        (make_table(("{{ reg_no", "}}")), "标记没有写完"),
    ],
    ids=["cells", "paragraphs of two cells", "row and paragraph", "words beside a row's mark", "a mark over two cells"],
)
def test_a_mark_stays_in_its_paragraph_cell_or_table(word: object, message: str) -> None:
    """Otherwise docxtpl would break the document when it removes the tag."""
    assert message in " ".join(problem.message for problem in check_word_file(word))


def test_a_row_of_data_with_the_marks_of_a_loop_is_one_fault() -> None:
    """Not one for each cell that would vanish; and the names of the loop are known."""
    row = ("{%tr for one in cases %}{{ loop.index }}", "{{ one.no or '' }}", "{{ one.cause or '' }}{%tr endfor %}")
    (found,) = check_word_file(make_table(("序号", "案号", "案由"), row))

    assert found.expression == "{%tr for one in cases %}"
    assert "还有“{{ loop.index }}”等 4 处" in found.message
    assert "插入一行" in found.suggestion


def test_rows_and_paragraphs_may_vanish_whole() -> None:
    """A loop over rows, a condition over paragraphs in a cell."""
    rows = (("{%tr for one in cases %}", ""), ("{{ loop.index }}", "{{ one.no or '' }}"), ("{%tr endfor %}", ""))

    assert check_word_file(make_table(*rows)) == []
    assert check_paragraphs("{%p if brief %}", "{{ brief }}", "{%p else %}", "无", "{%p endif %}") == []


def test_a_mark_that_word_has_split_over_runs_is_read_whole() -> None:
    """As Word splits them for spell checking and formatting."""
    word = Document()
    paragraph = word.add_paragraph("登记号：")
    for fragment in ("{", "{ reg", "_", "nr }", "}"):
        paragraph.add_run(fragment).bold = fragment == "_"

    assert [problem.expression for problem in check_word_file(word)] == ["{{ reg_nr }}"]


def test_headers_footers_and_properties_are_read() -> None:
    """Each with its own scope: a name set in the body is unknown in a header."""
    word = Document()
    word.add_paragraph("{% set you = '你' %}{{ you }}")
    word.sections[0].header.paragraphs[0].text = "{{ you }}"
    word.sections[0].footer.paragraphs[0].text = "{{ reg_nr }}"
    word.core_properties.title = "{{ cuort.name }}"
    word.core_properties.keywords = "{{ reg_no }}"
    target = io.BytesIO()
    word.save(target)
    contract = document_contract("acceptance_notice")
    expressions = {
        part.name: [problem.expression for problem in check_part(part, contract)]
        for part in word_parts(target.getvalue())
    }

    assert expressions == {
        "正文": [],
        "页脚（footer1.xml）": ["{{ reg_nr }}"],
        "页眉（header1.xml）": ["{{ you }}"],
        "文档属性": ["{{ cuort.name }}", "{{ reg_no }}"],
    }


def test_a_style_that_the_file_does_not_have_is_told() -> None:
    """With the closest style of the file."""
    word = Document(str(SHIPPED / "acceptance_notice.docx"))
    paragraph = next(one for one in word.paragraphs if one.text == "特此告知。")
    paragraph._p.style = "结吾"
    found = check_word_file(word)

    assert [(problem.message, problem.suggestion) for problem in found] == [
        ("没有定义“结吾”这个样式", "在 Word 的样式里选一个已有的")
    ]
    assert found[0].location.text == "特此告知。"


def test_a_mark_where_nobody_sees_it_is_told() -> None:
    """In the description of a picture."""
    word = Document(str(SHIPPED / "acceptance_notice.docx"))
    for part in word.part.package.iter_parts():
        if part.partname == "/word/header1.xml":
            picture = next(part.element.iter("{*}docPr"))
            picture.set("descr", "{{ reg_no }}")

    assert [problem.message for problem in check_word_file(word)] == [
        "标记写在看不见的地方（图片说明、链接或者域代码）"
    ]


def test_a_page_is_read_by_its_lines() -> None:
    """A tag over several lines belongs to the first; scripts and external files are refused."""
    page = "<h1>甲</h1>\n<p>{{ reg_no\n}}</p>\n{{ conut }}\n<script>1</script>\n<img src='http://x/y.png'>"
    contract = contracts()["pages/closing_note.html"]

    assert [(problem.location.number, problem.expression) for problem in check_part(page_part(page), contract)] == [
        (4, "{{ conut }}"),
        (5, "<script"),
        (6, "src='h"),
    ]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_proof_reads_the_marks_that_the_filling_reads(name: str) -> None:
    """The same tags in the same order as docxtpl passes to Jinja."""
    path = SHIPPED / f"{name}.docx"
    ours = [list_tags(part.tokens) for part in word_parts(path.read_bytes(), load_blocks(SHIPPED))]
    theirs = [list_tags(page_part(source).tokens) for source in docx_sources(path)]

    def normalise(parts: list[list[str]]) -> list[list[str]]:
        return sorted(["".join(tag.split()) for tag in part] for part in parts if part)

    assert normalise(ours) == normalise(theirs)


def test_every_filter_has_its_promise() -> None:
    """A filter without a signature would be refused."""
    assert set(filter_signatures.FILTERS) == set(FILTERS)


def test_every_view_is_made_of_types_that_the_proof_knows() -> None:
    """And every field has a Chinese title."""
    records = {record for contract in contracts().values() for record in records_of_view(contract.view)}
    untitled = [(record, name) for record in records for name, field in fields_of(record).items() if not field.title]

    assert untitled == []
    assert len(records) > 20
