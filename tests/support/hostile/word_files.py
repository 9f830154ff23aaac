"""Word files, and other files named as such."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache, partial

from docx import Document

from tests.support.hostile import Hostile, hostile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
WORDS = "案外人提交的书面说明。"
RELATIONS = "word/_rels/document.xml.rels"
BODY = "word/document.xml"


@cache
def plain_docx() -> bytes:
    """Make a Word file with one sentence."""
    document = Document()
    document.add_paragraph(WORDS)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def edit_docx(change: Callable[[str], bytes | str], part: str = BODY, *more: tuple[str, bytes | str]) -> bytes:
    """Return the file with one part changed and more parts added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain_docx())) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, change(data.decode()) if name == part else data)
        for name, content in more:
            archive.writestr(name, content)
    return target.getvalue()


def docx_with_xml(xml: str, *more: tuple[str, bytes | str]) -> Callable[[], bytes]:
    """Return a maker of the file with XML before its section properties."""
    return partial(edit_docx, lambda text: text.replace("<w:sectPr", f"{xml}<w:sectPr", 1), BODY, *more)


def docx_with_paragraph(xml: str) -> Callable[[], bytes]:
    """Return a maker of the file with a paragraph that contains XML."""
    return docx_with_xml(f"<w:p>{xml}</w:p>")


def docx_with_relationship(kind: str, target: str, xml: str = "") -> Callable[[], bytes]:
    """Return a maker of the file with a relationship to an external target."""
    relation = (
        f'<Relationship Id="rId99" TargetMode="External" Target="{target}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )

    def make() -> bytes:
        data = edit_docx(lambda text: text.replace("</Relationships>", relation), RELATIONS)
        if not xml:
            return data
        target_file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target_file, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                archive.writestr(
                    name, part.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1) if name == BODY else part
                )
        return target_file.getvalue()

    return make


def docx_with_entity(declaration: str, name: str) -> bytes:
    """Return the file with its text replaced by an entity."""
    return edit_docx(lambda text: text.replace("<w:document", f"<!DOCTYPE w [{declaration}]><w:document", 1).replace(
        WORDS, f"&{name};"))  # fmt: skip


def entity_bomb() -> bytes:
    """Make entities that expand exponentially."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return docx_with_entity(f'<!ENTITY l0 "哈">{levels}', "l9")


def make_zip(*entries: tuple[str, bytes | str]) -> bytes:
    """Make a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def docx_of_content_type(kind: str) -> bytes:
    """Make a file whose main part has another content type."""
    return edit_docx(lambda text: text.replace("wordprocessingml.document.main", kind), "[Content_Types].xml")


def ole_container(mark: str) -> bytes:
    """Make an OLE2 container that has the name of a stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + mark.encode("utf-16-le") + bytes(600)


def tracked_change(name: str) -> str:
    """Return the XML of a tracked change."""
    inner = "delText" if name == "del" else "t"
    return f'<w:{name} w:id="1" w:author="a"><w:r><w:{inner}>不同意</w:{inner}></w:r></w:{name}>'


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
TYPES = "<Types>application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml</Types>"
BOX = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
HEADER = f"<w:hdr {W}><w:p>{tracked_change('ins')}</w:p></w:hdr>"


def nested_tables(depth: int) -> str:
    """Return the XML of nested tables."""
    inner = "<w:p/>"
    for _ in range(depth):
        inner = f"<w:tbl><w:tblGrid><w:gridCol w:w='900'/></w:tblGrid><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl><w:p/>"
    return inner


FILES: tuple[Hostile, ...] = (
    hostile("word/四千万字.docx", "正文解开后有 40 MiB", lambda: edit_docx(lambda t: t.replace(WORDS, "a" * 40_000_000)),
            "FILE-TOO-LARGE"),
    hostile("word/实体膨胀.docx", "实体套实体", entity_bomb, "FILE-DAMAGED"),
    hostile("word/外部实体.docx", "实体指向 /etc/passwd", lambda: docx_with_entity(
        '<!ENTITY x SYSTEM "file:///etc/passwd">', "x"), "FILE-DAMAGED"),
    hostile("word/一段五万字.docx", "一段有五万字", lambda: edit_docx(lambda t: t.replace(WORDS, "字" * 50_000)),
            "FILE-TOO-LARGE"),
    hostile("word/万段.docx", "一万五千段", docx_with_xml("<w:p><w:r><w:t>字</w:t></w:r></w:p>" * 15_000), "FILE-TOO-LARGE"),
    hostile("word/跨亿列.docx", "一格跨一亿列", docx_with_xml(
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='100000000'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"),
        "DOCX-UNSUPPORTED"),
    hostile("word/表中表.docx", "表格套表格 30 层", docx_with_xml(nested_tables(30)), "DOCX-UNSUPPORTED"),
    hostile("word/嵌套太深.docx", "内容控件套 300 层", docx_with_xml(
        "<w:sdt><w:sdtContent>" * 300 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 300), "FILE-DAMAGED", "FILE-TOO-LARGE"),
    hostile("word/数字不是数字.docx", "列宽不是数字", docx_with_xml(
        "<w:tbl><w:tblGrid><w:gridCol w:w='x'/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"), "FILE-DAMAGED"),
    hostile("word/缩进出纸.docx", "缩进大得字在纸外", docx_with_paragraph(
        "<w:pPr><w:ind w:left='30000'/></w:pPr><w:r><w:t>看不见</w:t></w:r>"), "DOCX-UNSUPPORTED"),
    hostile("word/嵌入网页.docx", "内容在 altChunk 里", docx_with_xml(
        f'<w:altChunk {R} r:id="rId98"/>', ("word/chunk.html", "<p>x</p>")), "DOCX-UNSUPPORTED"),
    hostile("word/批注.docx", "有批注", docx_with_paragraph("<w:commentRangeStart w:id='1'/><w:r><w:t>字</w:t></w:r>"),
            "FILE-UNREVIEWED"),
    hostile("word/修订插入.docx", "有修订（插入）", docx_with_paragraph(tracked_change("ins")), "FILE-UNREVIEWED"),
    hostile("word/修订删除.docx", "有修订（删除）", docx_with_paragraph(tracked_change("del")), "FILE-UNREVIEWED"),
    hostile("word/页眉修订.docx", "只有页眉里有修订", partial(edit_docx, str, BODY, ("word/header1.xml", HEADER)),
            "FILE-UNREVIEWED"),
    hostile("word/网上图片.docx", "图片在网上", docx_with_relationship("image", "http://192.0.2.1/a.png", "<w:p><w:r><w:drawing/></w:r></w:p>"),
            "DOCX-UNSUPPORTED"),
    hostile("word/外部模板.docx", "模板在别的机器上，不去取", docx_with_relationship("attachedTemplate", "//192.0.2.1/share/a.dotm"),
            "bind"),
    hostile("word/域.docx", "有读文件的域", docx_with_paragraph(FIELD.format("INCLUDETEXT /etc/passwd")), "DOCX-UNSUPPORTED"),
    hostile("word/动态数据.docx", "有启动程序的域", docx_with_paragraph(FIELD.format("DDEAUTO c:\\\\cmd.exe")), "DOCX-UNSUPPORTED"),
    hostile("word/模板标记.docx", "正文里有模板标记，只是文字", lambda: edit_docx(
        lambda t: t.replace(WORDS, "{{ petitioner }} {% raw %}")), "bind"),
    hostile("word/宏改名.docx", ".docm 改名为 .docx", partial(docx_of_content_type, "document.macroEnabled.main"), "FILE-TYPE"),
    hostile("word/嵌入对象.docx", "有 OLE 对象", docx_with_paragraph("<w:r><w:object/></w:r>"), "DOCX-UNSUPPORTED"),
    hostile("word/文本框.docx", "文字在文本框里", docx_with_paragraph(BOX), "DOCX-UNSUPPORTED"),
    hostile("word/截断.docx", "只有前一半", lambda: plain_docx()[: len(plain_docx()) // 2], "FILE-DAMAGED"),
    hostile("word/条目出走.docx", "压缩包的条目名带 ..", partial(edit_docx, str, BODY, ("../../etc/x.xml", "<x/>")), "bind"),
    hostile("word/两份正文.docx", "document.xml 有两份", lambda: edit_docx(
        str, BODY, ("word/documenX.xml", "<x/>")).replace(b"documenX", b"document"), "FILE-DAMAGED"),
    hostile("word/没有样式.docx", "没有样式部分", lambda: make_zip(
        ("[Content_Types].xml", TYPES), (BODY, f"<w:document {W}><w:body><w:p><w:r><w:t>字</w:t></w:r></w:p></w:body></w:document>")),
        "bind"),
)  # fmt: skip

OTHERS: tuple[Hostile, ...] = (
    hostile(
        "type/-rf.pdf",
        "Git LFS 的指针，名称以横线开头",
        lambda: b"version https://git-lfs.github.com/spec/v1\n",
        "FILE-TYPE",
    ),
    hostile("type/图.jp2", "JPEG 2000", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60), "FILE-TYPE"),
    hostile("type/动图.gif", "GIF", lambda: b"GIF89a" + bytes(60), "FILE-TYPE"),
    hostile("type/图.bmp", "BMP", lambda: b"BM" + bytes(60), "FILE-TYPE"),
    hostile("type/图.webp", "WebP", lambda: b"RIFF\x10\0\0\0WEBPVP8 " + bytes(60), "FILE-TYPE"),
    hostile("type/照片.heic", "HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(60), "FILE-TYPE"),
    hostile("type/空.pdf", "没有内容", lambda: b"", "FILE-EMPTY"),
    hostile("type/全零.pdf", "全是零", lambda: bytes(4096), "FILE-TYPE"),
    hostile("type/程序.pdf", "程序改名", lambda: b"MZ\x90\0" + bytes(200), "FILE-TYPE"),
    hostile("type/版式.ofd", "OFD", lambda: make_zip(("OFD.xml", "<ofd/>")), "FILE-TYPE"),
    hostile("type/压缩包.docx", "不是 Word 文件的压缩包", lambda: make_zip(("a.txt", "x")), "FILE-TYPE"),
    hostile(
        "type/加密.docx",
        "带密码的 Word 文件",
        partial(ole_container, "EncryptedPackage"),
        "FILE-TYPE",
        "FILE-ENCRYPTED",
    ),
    hostile("type/旧.doc", "旧版 Word 文件", partial(ole_container, "WordDocument"), "FILE-TYPE"),
    hostile("type/金山.wps", "WPS 文件", partial(ole_container, "WpsContent"), "FILE-TYPE"),
    hostile("type/富文本.docx", "RTF 改名", lambda: b"{\\rtf1 {\\object\\objdata 00}}", "FILE-TYPE"),
    hostile("type/网页.pdf", "网页改名", lambda: b"<!doctype html><script>1</script>", "FILE-TYPE"),
)
