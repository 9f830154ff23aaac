"""What Word and WPS write into files besides plain text is bound as Word shows it, or refused by name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bundler.materials.word_inspection import inspect_word
from bundler.word.unsupported_constructs import check_docx
from tests.support.page_pictures import render_with_poppler
from tests.support.word_files import (
    PAGE,
    TEXT,
    borders,
    cell,
    errors_of,
    field,
    page_texts,
    paragraph,
    picture,
    positions,
    problems_of,
    save,
    table,
    typeset,
    word_file,
)

BOUND_CONTROL = (
    '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a/b" w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>甲某</w:t></w:r></w:sdtContent></w:sdt>"
)
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def colours(image: Image.Image, box: tuple[float, float, float, float], scale: float = 4) -> set[tuple[int, ...]]:
    """The colours in a box of the page, in points from its lower left corner."""
    left, bottom, right, top = (value * scale for value in box)
    cut = image.crop((int(left), int(image.height - top), int(right) + 1, int(image.height - bottom) + 1))
    return {colour for _, colour in cut.getcolors(1_000_000) or () if isinstance(colour, tuple)}


def test_white_text_on_a_dark_cell_is_seen() -> None:
    """The cell has its shading; text without a colour of its own is white there."""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="{}"/>'
    white = paragraph("白字", run='<w:color w:val="FFFFFF"/>')
    rows = [cell(white, shade.format("1F4E79")) + cell("自动", shade.format("000080")) + cell("普通")]
    data = word_file(paragraph(TEXT) + table(rows, borders()))

    image = picture(data)
    for words, ground in (("白字", (0x1F, 0x4E, 0x79)), ("自动", (0, 0, 0x80))):
        assert {WHITE, ground} <= colours(image, positions(data, words))
    assert errors_of(data) == []


@pytest.mark.parametrize(
    "run",
    [
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="FEFEFE"/>',
        '<w:sz w:val="1"/>',
        '<w:sz w:val="32"/><w:spacing w:val="-320"/>',
        '<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FF0000"/>',
    ],
)
def test_text_that_cannot_be_seen_is_no_evidence(run: str) -> None:
    """White on white, a colour on itself, or as small as a line; beside other text it is told."""
    assert errors_of(word_file(paragraph(TEXT, run=run))) == ["FILE-EMPTY"]

    beside = problems_of(word_file(paragraph("看得见") + paragraph(TEXT, run=run)))
    assert [rule for rule, _ in beside] == ["DOCX-ADAPTED"]
    assert "看不见的文字" in beside[0][1]


@pytest.mark.parametrize("text", ["\u200b\u2060", "\u3164", "\u2800\u3000", "\u00ad"])
def test_characters_without_a_mark_are_no_evidence(text: str) -> None:
    """They have no width, or show nothing."""
    assert errors_of(word_file(paragraph(text))) == ["FILE-EMPTY"]


def test_a_row_that_begins_later_stays_in_its_columns() -> None:
    """The cells below the second and the third column, and no lines where no cell is."""
    rows = [
        cell("一列") + cell("二列") + cell("三列"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("应在二列") + cell("应在三列"),
        '<w:trPr><w:gridAfter w:val="2"/></w:trPr>' + cell("只有一列"),
    ]
    data = word_file(table(rows, borders()))

    assert positions(data, "应在二列")[0] == pytest.approx(positions(data, "二列")[0], abs=0.6)
    assert positions(data, "应在三列")[0] == pytest.approx(positions(data, "三列")[0], abs=0.6)
    left, bottom, _, top = positions(data, "应在二列")
    image = picture(data)
    assert colours(image, (left - 100, bottom, left - 20, top)) == {WHITE}
    assert BLACK in colours(image, (left - 20, bottom, left - 1, top))


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        (paragraph("R 是", run='<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'), "☑是"),
        (paragraph("þ 是", run='<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "☑是"),
        (paragraph("\uf0a8 否", run='<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "☐否"),
        (paragraph('<w:sym w:font="Wingdings 2" w:char="0052"/><w:t>是</w:t>'), "☑是"),
        (paragraph('<w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>否</w:t>'), "☐否"),
        (paragraph('<w:sym w:font="Wingdings" w:char="F0FC"/>'), "✓"),
        (paragraph("R", run='<w:rStyle w:val="S"/>'), "☑"),
    ],
)
def test_a_tick_of_a_symbol_font_is_a_tick(xml: str, shown: str) -> None:
    """Inserted as a symbol, typed as a letter, or by a style."""
    style = (
        '<w:style w:type="character" w:styleId="S"><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr>'
        "</w:style>"
    )
    data = word_file(xml, styles=style)

    assert errors_of(data) == []
    assert page_texts(data) == [shown]


@pytest.mark.parametrize(
    "xml",
    [
        paragraph("J", run='<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
        paragraph('<w:sym w:font="Wingdings" w:char="F04A"/>'),
        paragraph("\uf04a"),
    ],
)
def test_a_symbol_without_an_equal_is_refused(xml: str) -> None:
    """A smiling face is not the letter J."""
    assert next(m for _, m in problems_of(word_file(paragraph(TEXT) + xml))).endswith("：符号字体的符号。")


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        ("<w:strike/>", "删除线"),
        ("<w:dstrike/>", "删除线"),
        ("<w:vanish/>", "隐藏文字"),
        ('<w:vertAlign w:val="superscript"/>', "上标"),
    ],
)
@pytest.mark.parametrize("kind", ["character", "paragraph", "based", "default"])
def test_what_a_style_strikes_hides_or_raises_is_refused_as_by_hand(mark: str, named: str, kind: str) -> None:
    """By a character style, a paragraph style, a style that it is based on, or the default style."""
    type_ = "character" if kind == "character" else "paragraph"
    default = ' w:default="1"' if kind == "default" else ""
    style = f'<w:style w:type="{type_}" w:styleId="S"{default}><w:rPr>{mark}</w:rPr></w:style>'
    style += '<w:style w:type="paragraph" w:styleId="T"><w:basedOn w:val="S"/></w:style>'
    xml = {
        "character": paragraph("字", run='<w:rStyle w:val="S"/>'),
        "paragraph": paragraph("字", '<w:pStyle w:val="S"/>'),
        "based": paragraph("字", '<w:pStyle w:val="T"/>'),
        "default": paragraph("字"),
    }[kind]

    found = problems_of(word_file(xml, styles=style))
    assert [rule for rule, _ in found] == ["DOCX-UNSUPPORTED"]
    assert named in found[0][1]


def test_what_a_run_turns_off_again_is_bound() -> None:
    """A style strikes, the run does not."""
    style = '<w:style w:type="paragraph" w:styleId="S"><w:rPr><w:strike/></w:rPr></w:style>'
    xml = paragraph("字", '<w:pStyle w:val="S"/>', '<w:strike w:val="0"/>')
    assert errors_of(word_file(xml, styles=style)) == []


@pytest.mark.parametrize(
    "row",
    [
        '<w:trPr><w:del w:id="3" w:author="a"/></w:trPr>' + cell("已删的行"),
        '<w:trPr><w:ins w:id="3" w:author="a"/></w:trPr>' + cell("新插的行"),
        cell("已删的格", '<w:cellDel w:id="3" w:author="a"/>'),
        cell("新插的格", '<w:cellIns w:id="3" w:author="a"/>'),
    ],
)
def test_a_deleted_or_inserted_row_is_unreviewed(row: str) -> None:
    """Wherever the mark stands; the place is named."""
    found = problems_of(word_file(paragraph(TEXT) + table([row], borders(), [3000])))
    assert [rule for rule, _ in found] == ["FILE-UNREVIEWED"]
    assert "正文第2段" in found[0][1]


_MARKED = (
    '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>正文</w:t></w:r><w:commentRangeEnd w:id="0"/>'
    '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
)


@pytest.mark.parametrize("style", ["", '<w:pPr><w:pStyle w:val="CommentText"/></w:pPr>'])
@pytest.mark.parametrize("body", [_MARKED, paragraph("没有标记")])
def test_a_comment_is_one_fault(body: str, style: str) -> None:
    """Whether its style is defined or not, and with the list of comments that Word keeps beside it; its place is counted once."""
    comment = f'<w:comment w:id="0" w:author="a"><w:p>{style}<w:r><w:t>请核对</w:t></w:r></w:p></w:comment>'
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    extended = '<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:commentEx/></w15:commentsEx>'
    files = {
        "word/comments.xml": f'<w:comments xmlns:w="{name}">{comment}</w:comments>'.encode(),
        "word/commentsExtended.xml": extended.encode(),
    }
    found = problems_of(word_file(body, files=files))
    assert [rule for rule, _ in found] == ["FILE-UNREVIEWED"]
    assert "处有" not in found[0][1], "it stands in one place"


def test_a_revision_of_format_alone_is_bound_with_the_new_format() -> None:
    """The old properties are not read as live; it is told."""
    old = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    xml = paragraph(
        "格式修订",
        f'<w:jc w:val="left"/><w:pPrChange w:id="1" w:author="a">{old}</w:pPrChange>',
        '<w:b/><w:rPrChange w:id="2" w:author="a"><w:rPr><w:strike/></w:rPr></w:rPrChange>',
    )
    data = word_file(xml)
    assert [rule for rule, _ in problems_of(data)] == ["DOCX-ADAPTED"]
    assert page_texts(data) == ["格式修订"]


@pytest.mark.parametrize("kind", ["header-first", "header", "footer", "footer-first"])
def test_text_beside_a_picture_in_a_header_is_on_the_page(kind: str) -> None:
    """As Word shows it: nothing of a paragraph that holds the QR code vanishes."""
    target = io.BytesIO()
    Image.new("1", (21, 21), 0).save(target, "PNG")
    drawing = (
        '<w:drawing><wp:inline><wp:extent cx="400000" cy="400000"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rId1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/1.png"/>'
        "</Relationships>"
    )
    which = kind.partition("-")[0]
    data = word_file(
        paragraph(TEXT),
        edges={kind: f"<w:p><w:r>{drawing}</w:r><w:r><w:t>登记号在此</w:t></w:r></w:p>"},
        section=PAGE + ("<w:titlePg/>" if "-" in kind else ""),
        files={"word/media/1.png": target.getvalue(), f"word/_rels/{which}1.xml.rels": rels.encode()},
    )

    assert errors_of(data) == []
    assert "登记号在此" in page_texts(data)[0]
    left, bottom, _, top = positions(data, "登")
    assert BLACK in colours(picture(data), (left - 30, bottom, left - 2, top + 20))


def test_a_picture_that_is_not_carried_is_refused() -> None:
    """A header picture that is no PNG would be lost."""
    drawing = (
        '<w:drawing><wp:inline><wp:extent cx="400000" cy="400000"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rId1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    data = word_file(paragraph(TEXT), edges={"header": f"<w:p><w:r>{drawing}</w:r></w:p>"})
    assert errors_of(data) == ["DOCX-UNSUPPORTED"]


def _text_box(content: str) -> str:
    inside = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


@pytest.mark.parametrize(
    "edge",
    [
        _text_box(f"<w:p>{field(' PAGE ')}</w:p>"),
        _text_box(f"<w:p><w:r><w:t>第 </w:t></w:r>{field(' PAGE ')}<w:r><w:t> 页</w:t></w:r></w:p>"),
        f'<w:p><w:pPr><w:framePr w:wrap="around"/></w:pPr>{field("PAGE")}</w:p>',
    ],
)
def test_a_page_number_in_a_box_or_frame_is_left_out_and_told(edge: str) -> None:
    """The bundle has its own 页号."""
    data = word_file(paragraph(TEXT), edges={"footer": edge})
    found = problems_of(data)

    assert [rule for rule, _ in found] == ["DOCX-ADAPTED"]
    assert "页码没有装订" in found[0][1]
    assert page_texts(data) == [TEXT]


def test_a_text_box_with_words_is_refused_once() -> None:
    """In one sentence that says what to do, not in four."""
    data = word_file(paragraph(TEXT), edges={"footer": _text_box(paragraph("机密"))})
    assert [message.partition("：")[2] for _, message in problems_of(data)] == ["文本框。"]
    assert "正文" in check_docx(data).problems[0].fix


def test_a_page_field_in_pieces_is_a_page_number() -> None:
    """Word splits a field's code over runs when a part of it is formatted."""
    pieces = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            "<w:instrText> PA</w:instrText>",
            "<w:instrText>GE </w:instrText>",
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>9</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    data = word_file(paragraph(TEXT), edges={"footer": f"<w:p>{pieces}</w:p>"})
    assert errors_of(data) == []
    assert page_texts(data) == [f"{TEXT}\n1"]


@pytest.mark.parametrize(
    "link",
    [
        '<w:hyperlink r:id="rId9"><w:r><w:t>www.court.gov.cn</w:t></w:r></w:hyperlink>',
        field('HYPERLINK "http://www.court.gov.cn"', "www.court.gov.cn"),
    ],
)
def test_a_link_is_its_words(link: str) -> None:
    """Its address is not followed, and not in the bundle."""
    relation = (
        '<Relationship Id="rId9" TargetMode="External" Target="http://www.court.gov.cn/"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    )
    data = word_file(f"<w:p>{link}</w:p>", relations=relation)
    assert errors_of(data) == []
    assert page_texts(data) == ["www.court.gov.cn"]


def test_the_lines_of_single_cells_are_drawn() -> None:
    """Where the table itself has none."""
    lined = borders("tcBorders")
    data = word_file(table([cell("姓名", lined) + cell("无框") + cell("")]))
    image = picture(data)
    left, bottom, right, _ = positions(data, "姓名")

    assert BLACK in colours(image, (left, bottom - 10, right, bottom - 1))
    left, bottom, right, _ = positions(data, "无框")
    assert BLACK not in colours(image, (left, bottom - 10, right, bottom - 1))


def test_the_red_line_is_red_and_as_wide_as_the_text() -> None:
    """The line under the name of a court on its letters."""
    line = '<w:pBdr><w:bottom w:val="single" w:sz="24" w:space="1" w:color="FF0000"/></w:pBdr>'
    data = word_file(paragraph("法院文件", line + '<w:jc w:val="center"/>') + paragraph(TEXT))
    image = picture(data)
    _, bottom, _, _ = positions(data, "法院文件")

    for left in (92, 300, 500):
        assert RED in colours(image, (left, bottom - 12, left + 2, bottom - 1))
    assert RED not in colours(image, (80, bottom - 12, 88, bottom - 1))


@pytest.mark.parametrize(("factor", "rule"), [(360, "auto"), (480, "auto"), (360, None)])
def test_line_spacing_is_carried(factor: int, rule: str | None) -> None:
    """A line and a half is half as much again as a single one."""

    def height(spacing: str) -> float:
        data = word_file("".join(paragraph(text, spacing) for text in ("国一", "国二")))
        return positions(data, "国一")[3] - positions(data, "国二")[3]

    kind = f' w:lineRule="{rule}"' if rule else ""
    assert height(f'<w:spacing w:line="{factor}"{kind}/>') == pytest.approx(height("") * factor / 240, abs=0.2)


def test_lines_stand_on_the_grid_of_the_page() -> None:
    """312 twips apart, as in a new file of WPS, though the text needs less."""
    grid = '<w:docGrid w:type="lines" w:linePitch="312"/>'
    data = word_file(paragraph("国一") + paragraph("国二"), section=PAGE + grid)
    assert positions(data, "国一")[3] - positions(data, "国二")[3] == pytest.approx(15.6, abs=0.05)


@pytest.mark.parametrize(("spacing", "distance"), [("", 15.6), ('<w:spacing w:line="400" w:lineRule="atLeast"/>', 20)])
@pytest.mark.parametrize("face", ["宋体", "黑体", "仿宋_GB2312"])
def test_a_line_is_as_high_as_it_says_in_every_face(spacing: str, distance: float, face: str) -> None:
    """With a fallback font in it, too; a point more for each line, and a paper of WPS would end on another page."""
    run = f'<w:rFonts w:eastAsia="{face}" w:ascii="{face}"/>'
    xml = "".join(paragraph(f"第{number}行☑ABC", spacing, run) for number in range(1, 6))
    data = word_file(xml, section=PAGE + '<w:docGrid w:type="lines" w:linePitch="312"/>')
    assert positions(data, "第1行")[1] - positions(data, "第5行")[1] == pytest.approx(4 * distance, abs=0.05)


@pytest.mark.parametrize(("run", "shown"), [("", False), ('<w:u w:val="single"/>', True)])
def test_spaces_at_the_end_of_a_paragraph_break_no_line(run: str, *, shown: bool) -> None:
    """Word lets them stand beyond the margin; underlined ones, a line to write on, end there."""
    spaces = f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{" " * 150}</w:t></w:r>'
    data = word_file(paragraph("意见和建议：").replace("</w:p>", f"{spaces}</w:p>") + paragraph("下一段"))
    image = picture(data, scale=4)

    assert page_texts(data)[0].split() == ["意见和建议：", "下一段"]
    _, bottom, right, top = positions(data, "意见和建议：")
    assert positions(data, "下一段")[1] > bottom - 25
    drawn = [BLACK in colours(image, (x, bottom - 3, x + 3, top)) for x in (right + 50, 500, 510, 560)]
    assert drawn == [shown, shown, False, False]


@pytest.mark.parametrize(
    ("stop", "edge", "expected"),
    [
        ('<w:tab w:val="left" w:pos="6000"/>', 0, 390),
        ('<w:tab w:val="right" w:pos="8000"/>', 2, 490),
        ('<w:tab w:val="center" w:pos="6000"/>', 1, 390),
    ],
)
def test_a_tab_ends_at_its_stop(stop: str, edge: int, expected: float) -> None:
    """A signature at the right, from the left, or around its stop."""
    data = word_file(paragraph("<w:tab/><w:t>具状人：某甲</w:t>", f"<w:tabs>{stop}</w:tabs>"))
    left, _, right, _ = positions(data, "具状人：某甲")
    assert (left, (left + right) / 2, right)[edge] == pytest.approx(expected, abs=2.5)


def test_the_size_in_the_defaults_counts() -> None:
    """Text without a size of its own has that of the file."""
    defaults = "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='32'/></w:rPr></w:rPrDefault></w:docDefaults>"
    left, _, right, _ = positions(word_file(paragraph("国国国国国国国国国国"), styles=defaults), "国国国国国国国国国国")
    assert right - left == pytest.approx(158, abs=4)


@pytest.mark.parametrize(
    "mark",
    [
        '<w:tcBorders><w:tl2br w:val="single" w:sz="4" w:color="auto"/></w:tcBorders>',
        '<w:tcBorders><w:tl2br w:val="single" w:sz="4"/><w:tr2bl w:val="single" w:sz="4" w:color="FF0000"/></w:tcBorders>',
        (
            '<mc:AlternateContent><mc:Choice Requires="wpsCustomData"><wpsCustomData:diagonals>'
            '<wpsCustomData:diagonal from="10000" to="30000"><wpsCustomData:border w:val="single" w:color="auto"'
            ' w:sz="4"/></wpsCustomData:diagonal></wpsCustomData:diagonals></mc:Choice></mc:AlternateContent>'
        ),
    ],
)
def test_a_diagonal_is_drawn_from_corner_to_corner(mark: str, tmp_path: Path) -> None:
    """As Word or as WPS writes it; two viewers show it."""
    xml = cell(paragraph("项目") + paragraph("日期"), mark) + cell("一月")
    data = word_file(table([xml], borders(), [3000, 3000]))
    made = save(typeset(data), tmp_path / "a.pdf")
    _, bottom, _, top = positions(data, "项目日期".removesuffix("日期"))
    low = positions(data, "日期")[1]

    assert errors_of(data) == []
    middle, height = 90 + 75, (top + low) / 2
    for image, scale in ((picture(data), 4), (render_with_poppler(made, 0), 1.5)):
        assert min(sum(c) for c in colours(image, (middle - 4, height - 4, middle + 4, height + 4), scale)) < 200
        corner = colours(image, (90 + 130, height + 5, 90 + 140, top), scale)
        assert (corner == {WHITE}) == ("tr2bl" not in mark)
    assert bottom > low


def test_vertical_text_stands_character_under_character() -> None:
    """From top to bottom, in the order of the words."""
    xml = cell("当事人", '<w:textDirection w:val="tbRlV"/>') + cell("某甲")
    data = word_file(table([xml], borders(), [800, 3000]))
    tops = [positions(data, character)[3] for character in "当事人"]

    assert errors_of(data) == []
    assert tops == sorted(tops, reverse=True)
    assert positions(data, "当")[0] == pytest.approx(positions(data, "人")[0], abs=2)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (table(['<w:trPr><w:trHeight w:val="300" w:hRule="exact"/></w:trPr>' + cell("格")]), "行高固定"),
        (paragraph(TEXT, f'<w:sectPr><w:type w:val="oddPage"/>{PAGE}</w:sectPr>') + paragraph(TEXT), "从奇数页开始"),
        (table([cell("二〇21年", '<w:textDirection w:val="tbRlV"/>')]), "字母和数字"),
        (paragraph(TEXT, f'<w:sectPr>{PAGE}<w:vAlign w:val="center"/></w:sectPr>') + paragraph(TEXT), "垂直对齐"),
        (paragraph(TEXT, "<w:bidi/>"), "从右到左的文字"),
        (paragraph(TEXT, run="<w:rtl/>"), "从右到左的文字"),
        (table([cell("甲") + cell("乙")], "<w:bidiVisual/>"), "列从右到左"),
        (f"<w:p>{BOUND_CONTROL}</w:p>", "与数据绑定"),
    ],
)
def test_what_is_set_otherwise_is_told(body: str, told: str) -> None:
    """Row heights that Word would not exceed, sections that begin on odd pages, digits in vertical cells, other directions.

    And words that Word may replace by others when it opens the file.
    """
    ((rule, message),) = problems_of(word_file(body))
    assert (rule, told in message) == ("DOCX-ADAPTED", True)


@pytest.mark.parametrize(
    "body",
    [
        table(['<w:trPr><w:trHeight w:val="300" w:hRule="atLeast"/></w:trPr>' + cell("格")]),
        table([cell("二〇二一年", '<w:textDirection w:val="tbRlV"/>')]),
        table([cell("2021年", '<w:textDirection w:val="lrTb"/>')]),
    ],
)
def test_what_is_set_as_in_word_is_not_told(body: str) -> None:
    """Least heights, 汉字 in vertical cells, digits in others."""
    assert problems_of(word_file(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        paragraph(TEXT) + f"<w:foo>{paragraph('看不到')}</w:foo>",
        paragraph(TEXT) + f'<x:y xmlns:x="urn:x">{paragraph("看不到")}</x:y>',
        "<w:p><w:r><w:t>前</w:t></w:r><w:foo><w:r><w:t>看不到</w:t></w:r></w:foo></w:p>",
        f"<w:p><w:r><w:t>前</w:t></w:r>{table([cell('看不到')])}</w:p>",
        paragraph(TEXT) + table(["<w:tc><w:r><w:t>看不到</w:t></w:r><w:p/></w:tc>"]),
        table([cell("合并", '<w:hMerge w:val="restart"/>') + cell("看不到", "<w:hMerge/>")]),
    ],
)
def test_text_that_one_reader_sees_and_another_does_not_is_refused(body: str) -> None:
    """Where an element stands in a place that the reader does not come to, and in a cell merged in the old way."""
    assert errors_of(word_file(body)) == ["DOCX-UNSUPPORTED"]


def test_room_for_binding_is_part_of_the_margin() -> None:
    """At the left, or at the top where the settings say so."""
    section = PAGE.replace('w:footer="992"', 'w:footer="992" w:gutter="720"')
    settings = '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:gutterAtTop/></w:settings>'
    plain = positions(word_file(paragraph(TEXT)), TEXT)
    at_left = positions(word_file(paragraph(TEXT), section=section), TEXT)
    at_top = positions(
        word_file(paragraph(TEXT), section=section, files={"word/settings.xml": settings.encode()}), TEXT
    )
    assert (at_left[0] - plain[0], at_left[3] - plain[3]) == pytest.approx((36, 0), abs=0.1)
    assert (at_top[0] - plain[0], plain[3] - at_top[3]) == pytest.approx((0, 36), abs=0.1)


def test_the_strict_form_is_refused_by_its_name() -> None:
    """Word writes it where one asks for it; its namespaces are others."""
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    settings = b'<w:settings xmlns:w="%s"/>' % strict
    data = word_file(paragraph(TEXT), files={"word/settings.xml": settings})
    ((rule, message),) = problems_of(data)
    assert (rule, "Strict" in message) == ("FILE-TYPE", True)


def test_parts_whose_names_differ_in_case_are_refused() -> None:
    """Word would read one, another reader the other."""
    data = word_file(paragraph(TEXT), files={"word/Document.xml": b"<x/>"})
    assert errors_of(data) == ["FILE-DAMAGED"]


def test_a_template_that_the_file_was_made_from_is_harmless() -> None:
    """Its path is not followed."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'TargetMode="External" Target="file:///C:/a.dotm" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    data = word_file(paragraph(TEXT), files={"word/_rels/settings.xml.rels": rels.encode()})
    assert problems_of(data) == []


def test_an_element_that_is_not_read_is_refused() -> None:
    """Nothing in a run is passed over silently."""
    found = problems_of(word_file(paragraph(TEXT) + paragraph("<w:dayLong/>")))
    assert [rule for rule, _ in found] == ["DOCX-UNSUPPORTED"]
    assert "dayLong" in found[0][1]


def test_each_construct_is_told_once_with_what_to_press() -> None:
    """Three struck words are one problem, that counts them."""
    xml = "".join(paragraph(f"字{number}", run="<w:strike/>") for number in range(3))
    problems = check_docx(word_file(xml)).problems
    assert len(problems) == 1
    assert "等 3 处" in problems[0].message
    assert "Ctrl+D" in problems[0].fix


def test_a_space_in_lines_that_means_nothing_is_passed_over() -> None:
    """WPS writes -2147483648; the text stays on the page."""
    xml = paragraph(TEXT, '<w:spacing w:before="120" w:beforeLines="-2147483648" w:after="-99999"/>')
    data = word_file(paragraph("上") + xml + paragraph("下"))
    assert errors_of(data) == []
    assert positions(data, TEXT)[1] > positions(data, "下")[3] > 700


@pytest.mark.parametrize(
    ("xml", "section"),
    [
        (paragraph(TEXT, '<w:spacing w:line="9" w:lineRule="auto"/>'), PAGE),
        (paragraph(TEXT, run='<w:position w:val="9000"/>'), PAGE),
        (paragraph(TEXT, run='<w:spacing w:val="90000"/>'), PAGE),
        (table([cell("格")], borders() + '<w:tblInd w:w="-90000"/>', [3000]), PAGE),
        (paragraph(TEXT), PAGE.replace('w:left="1800"', 'w:left="90000"')),
    ],
)
def test_text_that_would_leave_the_page_is_refused(xml: str, section: str) -> None:
    """By line spacing, a raise, letter-spacing, an indent or the margins."""
    assert set(errors_of(word_file(xml, section=section))) == {"DOCX-UNSUPPORTED"}


def test_a_page_break_at_a_paragraph_s_end_begins_the_next_page() -> None:
    """No blank page before a new section, and no empty line on the next page."""
    broken = paragraph('<w:t>前</w:t><w:br w:type="page"/>')
    assert page_texts(word_file(broken + paragraph("后"))) == ["前", "后"]
    assert page_texts(word_file(broken + table([cell("格")], borders(), [3000]))) == ["前", "格"]
    ended = broken.replace("<w:pPr>", f"<w:pPr><w:sectPr>{PAGE}</w:sectPr>", 1)
    assert page_texts(word_file(ended + paragraph("后"))) == ["前", "后"]


@pytest.mark.parametrize(
    ("body", "lists"),
    [
        (paragraph("文字", '<w:numPr><w:ilvl w:val="甲"/><w:numId w:val="1"/></w:numPr>'), '<w:num w:numId="1"/>'),
        (
            paragraph("文字", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
            (
                '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="一、"/></w:lvl></w:abstractNum>'
                '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            ),
        ),
        (table([cell("格", '<w:gridSpan w:val="甲"/>')]), ""),
        (paragraph("文字", '<w:sectPr><w:pgSz w:w="甲" w:h="16838"/></w:sectPr>'), ""),
    ],
)
def test_a_number_that_is_needed_and_is_none_is_damage_that_word_can_mend(body: str, lists: str) -> None:
    """The clerk is told to save the file anew, not to scan it."""
    (problem,) = inspect_word(word_file(body, numbering=lists)).problems
    assert problem.rule == "FILE-DAMAGED"
    assert "Word" in problem.fix


@pytest.mark.parametrize(
    "rows",
    [
        [cell("甲") + cell("乙"), cell("丙") + cell("丁") + cell("", "<w:vMerge/>")],
        [cell("甲", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + cell("乙"), cell("", "<w:vMerge/>") + cell("丙") + cell("丁")],
        [cell("", "<w:vMerge/>") + cell("甲") + cell("乙"), cell("丙") + cell("丁") + cell("戊")],
        [cell("甲"), cell("乙") + cell("丙") + cell("丁") + cell("戊")],
    ],
    ids=["nothing above", "another width above", "first row", "more columns than the table states"],
)  # fmt: skip
def test_a_table_whose_rows_do_not_fit_together_is_typeset(rows: list[str]) -> None:
    """A merged cell without one to merge with stands by itself, and no text is lost."""
    data = word_file(table(rows, borders()))
    assert errors_of(data) == []
    shown = set("".join(page_texts(data)).replace("\n", ""))
    assert shown == {word for word in "甲乙丙丁戊" if word in "".join(rows)}


def test_a_table_that_states_no_columns_is_as_wide_as_the_text() -> None:
    """Each of its lines holds more than one character."""
    data = word_file(table([cell("一二三四五六七八九十") + cell("乙")], borders(), columns=()))
    assert errors_of(data) == []
    assert "一二三四五六七八九十" in page_texts(data)[0]


def test_a_list_without_a_number_of_its_own_is_passed_over() -> None:
    """A paragraph that names no list has no number."""
    body = paragraph("文字", '<w:numPr><w:ilvl w:val="0"/><w:numId/></w:numPr>')
    data = word_file(body, numbering="<w:num/>")
    assert errors_of(data) == []
    assert page_texts(data) == ["文字"]


@pytest.mark.parametrize("number", ["nan", "inf", "1e999"])
@pytest.mark.parametrize(
    "xml",
    [
        '<w:spacing w:before="{}"/>',
        '<w:spacing w:line="{}"/>',
        '<w:tabs><w:tab w:val="left" w:pos="{}"/></w:tabs>',
        '<w:ind w:left="{}"/>',
    ],
)
def test_a_number_that_is_none_does_no_harm(xml: str, number: str) -> None:
    """It is passed over, as one that is no number at all."""
    data = word_file(paragraph("<w:tab/><w:t>文字</w:t>", xml.format(number)))
    assert errors_of(data) == []
    assert page_texts(data) == ["文字"]
