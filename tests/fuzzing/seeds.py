"""The files that fuzzing begins with, all made by this project's own code."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pikepdf
from openpyxl import Workbook

from bundler.bind.volume_scope import VolumeScope
from bundler.manifest.model import (
    TOOL_NAME,
    CaseFile,
    EarlierManifest,
    LeftOut,
    Manifest,
    ManifestFinding,
    ManifestPage,
    ManifestPaper,
    ManifestSource,
    Tool,
)
from bundler.manifest.serialization import manifest_bytes
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rule_codes import Severity
from tests.fuzzing.zip_parts import flatten_zip
from tests.materials.test_found_pdfs import BOUND
from tests.support import cases, pdf_files
from tests.support.word_files import PAGE, borders, cell, field, paragraph, table, word_file

_DIGEST = "0" * 64
_TIME = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""When a workbook was made; with it, no two runs would try the same files."""
_HEADER = [
    *(
        "序号",
        "登记号",
        "来访时间",
        "来访形式",
        "信访人",
        "联系电话",
        "身份证号码",
        "执行案号",
        "申请执行人",
        "被执行人",
    ),
    *("承办人", "内容摘要", "拟办意见", "来源", "天气"),
]
_LIST = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
_STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/></w:rPr></w:rPrDefault>'
    '</w:docDefaults><w:style w:type="paragraph" w:styleId="a"><w:name w:val="标题"/><w:pPr><w:jc w:val="center"/>'
    '<w:spacing w:line="560" w:lineRule="exact"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
)


@cache
def pdf_seeds() -> list[bytes]:
    """Make PDFs of every kind that may be attached, with their content as plain text."""
    made = [make() for make in (*pdf_files.KINDS.values(), *BOUND)]
    return [_uncompressed(data) for data in made]


def _uncompressed(data: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            target,
            static_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return target.getvalue()


@cache
def word_seeds() -> list[bytes]:
    """Make Word files with numbers, tables, headers, fields, tabs, lines, links and revisions."""
    numbered = "".join(
        paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
        for text, level in (("请求事项", 0), ("查找财产", 1), ("发放执行款", 1), ("事实与理由", 0))
    )
    rows = [
        cell("姓名", '<w:gridSpan w:val="2"/>')
        + cell("甲某某", '<w:vMerge w:val="restart"/><w:textDirection w:val="tbRlV"/>'),
        cell("电话", borders("tcBorders"))
        + cell("", '<w:shd w:val="clear" w:fill="D9D9D9"/>')
        + cell("", "<w:vMerge/>"),
    ]
    edges = {
        "header": paragraph("样某区人民法院"),
        "footer": f"<w:p>{field('PAGE')}</w:p>",
        "header-first": paragraph("首页"),
    }
    plain = (
        paragraph("申请书", '<w:pStyle w:val="a"/>')
        + paragraph(
            "正文", '<w:ind w:firstLine="640"/><w:pBdr><w:bottom w:val="single" w:sz="12" w:color="FF0000"/></w:pBdr>'
        )
        + paragraph(
            "<w:t>申请人：</w:t><w:tab/><w:t>2021年9月16日</w:t>",
            '<w:tabs><w:tab w:val="right" w:pos="8000"/></w:tabs>',
        )
        + paragraph(
            '<w:sym w:font="Wingdings" w:char="F0FE"/><w:br/><w:t>已阅</w:t>', "", '<w:b/><w:u w:val="single"/>'
        )
    )
    rare = (
        '<w:p><w:hyperlink w:anchor="a"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:bookmarkStart w:id="1" w:name="a"/>'
        '<w:bookmarkEnd w:id="1"/><w:ins w:id="2" w:author="甲"><w:r><w:t>插入</w:t></w:r></w:ins></w:p>'
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:rPr><w:strike/><w:vertAlign w:val="superscript"/>'
        '<w:color w:val="FFFFFF"/></w:rPr><w:t>隐去</w:t></w:r><w:r><w:lastRenderedPageBreak/><w:br w:type="page"/></w:r></w:p>'
        '<w:p><w:pPr><w:framePr w:w="2000" w:h="500"/></w:pPr><w:r><w:t>图文框</w:t></w:r></w:p>'
    )
    grid = PAGE + '<w:titlePg/><w:docGrid w:type="lines" w:linePitch="312"/><w:pgNumType w:start="1"/>'
    section = f'<w:p><w:pPr><w:sectPr><w:type w:val="nextPage"/>{PAGE}</w:sectPr></w:pPr></w:p>'
    made = [
        word_file(plain, styles=_STYLES),
        word_file(numbered, styles=_STYLES, numbering=_LIST),
        word_file(table(rows, borders()) + paragraph("表后"), styles=_STYLES),
        word_file(plain + section + numbered, styles=_STYLES, numbering=_LIST, edges=edges, section=grid),
        word_file(rare, styles=_STYLES),
    ]
    return [flatten_zip(data) for data in made]


@cache
def case_seeds() -> list[bytes]:
    """Make complete cases of each kind."""
    trees = [cases.archive(), cases.write_off(), *(cases.declined(ground) for ground in range(1, 8))]
    more = [cases.with_records(cases.write_off())]
    return [json.dumps(tree, ensure_ascii=False).encode() for tree in (*trees, *more)]


@cache
def manifest_seeds() -> list[bytes]:
    """Make the manifests of a bundle of two papers, of its 正卷, and of one to which papers were added."""
    whole = Manifest(
        registration_no="钢信执2021-0042",
        kind=BundleKind.WRITE_OFF,
        pages=3,
        papers=(
            ManifestPaper(number=1, item=Item.REGISTRATION, title="立案登记表", origin="generated", first_page=1, last_page=1),
            ManifestPaper(number=2, item=Item.EVIDENCE, title="证据", origin="file", first_page=2, last_page=3),
        ),
        sources=(
            ManifestSource(
                file="materials/证据.pdf",
                sha256=_DIGEST,
                size=1000,
                media_type="application/pdf",
                items=(Item.EVIDENCE,),
                pages="1-2",
                first_page=2,
                last_page=3,
                changed=("批注画入页面",),
            ),
        ),
        page_digests=tuple(
            ManifestPage(label=label, sha256=_DIGEST, links=(2,) if label == "目录-1" else ())
            for label in ("封面", "目录-1", "1", "2", "3", "备考表")
        ),
        case=CaseFile(sha256=_DIGEST, size=2, embedded=True),
        templates={"registration.docx": _DIGEST},
        profile=_DIGEST,
        fonts={"FandolFang.otf": _DIGEST},
        tool=Tool(name=TOOL_NAME, version="1.0", libraries={"pikepdf": "10.18.0"}),
        findings=(
            ManifestFinding(rule="SCAN-DPI", severity=Severity.WARNING, article=None, item=Item.EVIDENCE, message="扫描低于 200 dpi。"),
        ),
    )  # fmt: skip
    left_out = (LeftOut(items=(Item.EVIDENCE,), sha256=_DIGEST, pages="1"),)
    main = whole.model_copy(update={"volume": VolumeScope.MAIN, "left_out": left_out})
    earlier = (EarlierManifest(file="manifest-1.json", sha256=_DIGEST, pages=3),)
    return [manifest_bytes(one) for one in (whole, main, whole.model_copy(update={"earlier": earlier}))]


@cache
def register_seeds() -> list[bytes]:
    """Make registers with titles, merged cells, several sheets, dates in words and numbers, and a row of totals."""
    books = (_workbook(rows) for rows in ([_row(1)], [_row(1), _row(2), ["合计", "共2件"]], _odd_rows()))
    return [_TIME.sub(b"2021-09-16T00:00:00Z", flatten_zip(book)) for book in books]


def _row(number: int) -> list[Any]:
    return [
        *(number, f"钢信执2021-{number:04}", datetime.combine(date(2021, 9, 16), time()), "来访", "甲某某"),
        *(
            "13800000000",
            None,
            "（2020）鲁0117执9001号",
            "甲某某",
            "乙某某",
            "李某某",
            "反映案件未执行到位。",
            "拟予受理。",
        ),
        *("来访", "晴"),
    ]


def _odd_rows() -> list[list[Any]]:
    return [
        [
            1,
            "钢信执2021－2",
            44455,
            "来信",
            "丙某某、丁某某（代理人）",
            "0531-88880000",
            None,
            "(2020)鲁0117执2号",
            "丙某某",
        ],
        [2, "钢信执2021-3", "二〇二一年九月十六日", "网上", "己某某等3人", 13800000000.0, 370117196805020011.0],
        [3, 20210042, "2021/9/17", "来访", "匿名", "不详", "", "2020执3号"],
        [4, "=1+1", "=TODAY()", "来访", "卯某某"],
    ]


def _workbook(rows: list[list[Any]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["样某区人民法院来访登记簿"])
    sheet.merge_cells("A1:O1")
    for row in (_HEADER, *rows):
        sheet.append(row)
    sheet.merge_cells("B3:B4")
    workbook.create_sheet("填表说明").append(["请逐项填写"])
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()
