"""PDF files: damaged, with active content, encrypted, and decompression bombs."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.support.hostile import Hostile, hostile

LINE = b"1 0 0 RG 4 w 60 60 m 500 700 l S "
BOX = b"0 0 1 rg 40 40 60 30 re f "
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
TREE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>"
Change = Callable[[pikepdf.Pdf], object]


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def build_pdf(*objects: bytes, trailer: bytes = b"", start: bytes | None = None) -> bytes:
    """Build a PDF from objects, numbered from 1, that are written as given."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"%d" % len(data) if start is None else start
    return data + head + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%s\n%%%%EOF\n" % (size, trailer, end)


def one_page_pdf(*objects: bytes, page: bytes = PAGE, catalog: bytes = CATALOG, content: bytes = LINE) -> bytes:
    """Build a PDF of one page; more objects are numbered from 5."""
    return build_pdf(catalog, TREE, page, stream(content), *objects)


def modify_pdf(change: Change, pages: int = 1, **saving: object) -> bytes:
    """Make a PDF with a line on each page, and change it."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
            pdf.pages[-1].contents_add(LINE + b"%d 0 0 RG" % (number % 2))
        change(pdf)
        target = io.BytesIO()
        pdf.save(target, **{"object_stream_mode": pikepdf.ObjectStreamMode.disable, **saving})
    return target.getvalue()


def no_change(_: pikepdf.Pdf) -> None:
    """Change nothing."""


def catalog_entry(key: str, make: Callable[[pikepdf.Pdf], pikepdf.Object]) -> Callable[[], bytes]:
    """Return a maker of a PDF with one more catalog entry."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = make(pdf)

    return partial(modify_pdf, change)


def javascript_action(_: pikepdf.Pdf) -> pikepdf.Object:
    """Make a JavaScript action."""
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def appearance_stream(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Make an appearance stream."""
    return pdf.make_stream(BOX, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 200], Resources=Dictionary())


def annotated_pdf(box: list[int], *, rotate: int = 0, **entries: Any) -> Callable[[], bytes]:  # noqa: ANN401 (PDF objects)
    """Return a maker of a PDF with an annotation that has an appearance stream."""

    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=box, F=4, AP=Dictionary(N=appearance_stream(pdf)), **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        pdf.pages[0].obj.Rotate = rotate

    return partial(modify_pdf, change)


def form_field_pdf(value: bool, kind: pikepdf.Object = Name.Tx) -> Callable[[], bytes]:  # noqa: FBT001 (with or without)
    """Return a maker of a PDF with a form field, with a value or with an appearance stream."""

    def change(pdf: pikepdf.Pdf) -> None:
        widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=kind, T=String("a"), Rect=[60, 60, 260, 90], F=4)
        if kind == Name.Sig:
            widget.V = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("00"))
        elif value:
            widget.V = String("12345")
            widget.DA = String("0 g /Helv 12 Tf")
        if kind == Name.Sig or not value:
            widget.AP = Dictionary(N=appearance_stream(pdf))
        field = pdf.make_indirect(widget)
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DA=String("0 g /Helv 12 Tf"))

    return partial(modify_pdf, change)


def image_pdf(entries: str, data: bytes, width: int = 100, height: int = 100) -> bytes:
    """Build a PDF whose page is one image."""
    head = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8{entries}"
    )
    page = PAGE.replace(b"<<>>", b"<</XObject<</I 5 0 R>>>>")
    return one_page_pdf(stream(data, head.encode()), page=page, content=b"q 595 0 0 842 0 0 cm /I Do Q")


def object_stream_bomb() -> bytes:
    """Make a file whose object stream decompresses to 80 MiB."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].contents_add(LINE)
        pdf.Root.Filler = pdf.make_indirect(String(" " * (80 * 1024 * 1024)))
        target = io.BytesIO()
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def encrypted_pdf(owner: str, user: str, **options: object) -> Callable[[], bytes]:
    """Return a maker of a PDF with passwords."""
    protection = pikepdf.Encryption(owner=owner, user=user, **options)  # type: ignore[arg-type]
    return partial(modify_pdf, no_change, encryption=protection)


def page_tree_bomb() -> bytes:
    """Build a page tree in which each node lists the next ten times."""
    nodes = [b"<</Type/Pages/Count %d/Kids[%s]>>" % (10**n, b"%d 0 R " % (9 - n) * 10) for n in range(5, 0, -1)]
    return build_pdf(CATALOG, b"<</Type/Pages/Count 1000000/Kids[%s]>>" % (b"4 0 R " * 10), PAGE, *nodes, PAGE)


def hidden_layer(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Make a layer that is off."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("a")))
    return Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def pdf_of_pages(pages: int) -> bytes:
    """Build a PDF of so many pages."""
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 20]/Contents 3 0 R>>"
    return build_pdf(CATALOG, b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids), stream(LINE), *[page] * pages)


def pdf_with_font(name: bytes) -> bytes:
    """Build a page with text in a font that is not embedded."""
    page = PAGE.replace(b"<<>>", b"<</Font<</F 5 0 R>>>>")
    return one_page_pdf(
        b"<</Type/Font/Subtype/Type1/BaseFont/%s>>" % name, page=page, content=b"BT /F 20 Tf 90 700 Td (abc) Tj ET"
    )


def pdf_with_boxes(box: str, more: str = "") -> bytes:
    """Build a page with these boxes."""
    return one_page_pdf(page=PAGE.replace(b"/MediaBox[0 0 595 842]", f"{box}{more}".encode()))


def attach_program(pdf: pikepdf.Pdf) -> None:
    """Attach a program."""
    pdf.attachments["evil.exe"] = b"MZ"


FILES: tuple[Hostile, ...] = (
    hostile("pdf/内容膨胀.pdf", "页面内容解开后有 96 MiB", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(zlib.compress(b" " * (96 * 1024 * 1024)), b"/Filter/FlateDecode")), "FILE-TOO-LARGE"),
    hostile("pdf/对象流膨胀.pdf", "装着全部对象的流解开后有 80 MiB", object_stream_bomb, "FILE-TOO-LARGE"),
    hostile("pdf/页面目录百万次.pdf", "页面目录每层把下一层列十遍", page_tree_bomb, "FILE-DAMAGED", "FILE-TOO-LARGE"),
    hostile("pdf/万页.pdf", "10001 页", partial(pdf_of_pages, 10_001), "FILE-TOO-LARGE"),
    hostile("pdf/像素过多.pdf", "一幅 35000 × 35000 的 JBIG2 图", lambda: image_pdf(
        "/Filter/JBIG2Decode", b"\0" * 20, 35_000, 35_000), "FILE-TOO-LARGE"),
    hostile("pdf/预测器.pdf", "预测器要求二十亿列", lambda: image_pdf(
        "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647>>", zlib.compress(b"a")), "FILE-DAMAGED"),
    hostile("pdf/页面目录循环.pdf", "页面目录里有它自己", lambda: build_pdf(
        CATALOG, b"<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>", PAGE, stream(LINE)), "FILE-DAMAGED"),
    hostile("pdf/丢了两页.pdf", "页面目录指向空值和没有的对象", lambda: build_pdf(
        CATALOG, b"<</Type/Pages/Count 3/Kids[3 0 R null 99 0 R]>>", PAGE, stream(LINE)), "FILE-DAMAGED"),
    hostile("pdf/没有页.pdf", "一页也没有", lambda: build_pdf(CATALOG, b"<</Type/Pages/Count 0/Kids[]>>"), "FILE-EMPTY"),
    hostile("pdf/目录就是页.pdf", "目录的 /Pages 是一页", lambda: build_pdf(
        b"<</Type/Catalog/Pages 3 0 R>>", TREE, PAGE, stream(LINE)), "FILE-DAMAGED", "bind"),
    hostile("pdf/截去一半.pdf", "只有前一半", lambda: (d := modify_pdf(no_change, 3))[: len(d) // 2], "FILE-DAMAGED"),
    hostile("pdf/起点二十位.pdf", "startxref 有 20 位", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(LINE), start=b"9" * 20), "FILE-DAMAGED", "bind"),
    hostile("pdf/索引转圈.pdf", "交叉引用表的 /Prev 指向自己", lambda: (
        d := one_page_pdf()).replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % d.index(b"xref\n0")), "FILE-DAMAGED", "bind"),
    hostile("pdf/自己指自己.pdf", "对象的内容是它自己", lambda: one_page_pdf(
        b"5 0 R", page=PAGE.replace(b"<<>>", b"5 0 R")), "FILE-DAMAGED", "bind"),
    hostile("pdf/乱字节.pdf", "中间一段被乱码盖掉", lambda: (d := one_page_pdf())[:200] + b"\xff\0<<[" * 30 + d[350:],
            "FILE-DAMAGED", "bind"),
    hostile("pdf/图不是JPEG.pdf", "声明为 JPEG 的图不是 JPEG", lambda: image_pdf("/Filter/DCTDecode", b"no jpeg"),
            "FILE-DAMAGED"),
    hostile("pdf/图残缺.pdf", "图的数据解到一半为止", lambda: image_pdf(
        "/Filter/FlateDecode", zlib.compress(bytes(10_000))[:12]), "FILE-DAMAGED"),
    hostile("pdf/图太短.pdf", "图的数据比行数少", lambda: image_pdf(
        "/Filter/FlateDecode", zlib.compress(bytes(5_000))), "FILE-DAMAGED"),
    hostile("pdf/密码.pdf", "有打开密码（AES-256）", encrypted_pdf("o", "u"), "FILE-ENCRYPTED"),
    hostile("pdf/旧密码.pdf", "有打开密码（RC4）", encrypted_pdf("o", "u", R=3, aes=False, metadata=False), "FILE-ENCRYPTED"),
    hostile("pdf/权限密码.pdf", "只有权限密码", encrypted_pdf("o", ""), "FILE-OWNER-LOCKED"),
    hostile("pdf/加密字典残缺.pdf", "加密字典的 /O 只有 4 个字节", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(LINE), trailer=b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128"
        b"/P -4/O(abcd)/U(abcd)>>"), "FILE-ENCRYPTED", "FILE-DAMAGED"),
    hostile("pdf/证书加密.pdf", "为证书加密（PubSec）", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(LINE), trailer=b"/ID[<00><00>]/Encrypt<</Filter/Adobe.PubSec/V 4>>"),
        "FILE-ENCRYPTED"),
    hostile("pdf/打开即脚本.pdf", "打开时运行脚本", catalog_entry("/OpenAction", javascript_action), "bind"),
    hostile("pdf/关闭时脚本.pdf", "文档和页面的动作里有脚本", catalog_entry("/AA", lambda p: Dictionary(WC=javascript_action(p))), "bind"),
    hostile("pdf/名称转义.pdf", "脚本的名称用 #xx 写成", lambda: one_page_pdf(
        catalog=CATALOG.replace(b">>", b"/Open#41ction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>>>")), "bind"),
    hostile("pdf/启动程序.pdf", "打开时启动程序", catalog_entry(
        "/OpenAction", lambda _: Dictionary(S=Name.Launch, F=String("cmd.exe"))), "bind"),
    hostile("pdf/外部链接.pdf", "有指向外部的链接", annotated_pdf(
        [60, 60, 200, 90], Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://192.0.2.1/"))), "bind"),
    hostile("pdf/内嵌程序.pdf", "内嵌一个程序", partial(modify_pdf, attach_program), "bind"),
    hostile("pdf/数据在外面.pdf", "内容流说数据在 /etc/passwd", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(LINE, b"/F(/etc/passwd)")), "FILE-DAMAGED"),
    hostile("pdf/印章是批注.pdf", "印章是带外观的批注", annotated_pdf([60, 60, 260, 260], Subtype=Name.Stamp), "bind"),
    hostile("pdf/批注在页外.pdf", "批注全在页面以外", annotated_pdf([900, 900, 999, 999], Subtype=Name.Stamp), "bind"),
    hostile("pdf/转页批注.pdf", "转了 90 度的页面上有批注", annotated_pdf(
        [60, 60, 260, 260], rotate=90, Subtype=Name.Stamp), "bind"),
    hostile("pdf/表单无外观.pdf", "表单填了值而没有外观", form_field_pdf(value=True), "bind", "FILE-FONT"),
    hostile("pdf/表单.pdf", "表单有外观", form_field_pdf(value=False), "bind"),
    hostile("pdf/电子签名.pdf", "有电子签名", form_field_pdf(value=False, kind=Name.Sig), "FILE-SIGNED"),
    hostile("pdf/XFA.pdf", "有 XFA 表单包", catalog_entry("/AcroForm", lambda p: Dictionary(
        Fields=Array(), XFA=Array([String("template"), p.make_stream(b"<x/>")]))), "bind"),
    hostile("pdf/隐藏图层.pdf", "有一层没有打开", catalog_entry("/OCProperties", hidden_layer), "FILE-LAYERS"),
    hostile("pdf/未嵌入字体.pdf", "字体没有嵌入", partial(pdf_with_font, b"STSong-Light"), "FILE-FONT"),
    hostile("pdf/字体名GBK.pdf", "字体名用 GBK 字节写成，没有嵌入", partial(pdf_with_font, b"#B7#C2#CB#CE"), "FILE-FONT"),
    hostile("pdf/前有千字节.pdf", "文件头前面有 1000 个字节", lambda: b"HTTP/1.1 200\r\n".ljust(1000, b"x") + one_page_pdf(), "bind"),
    hostile("pdf/裁切框和单位.pdf", "裁切框小于纸张，单位加倍", partial(
        pdf_with_boxes, "/MediaBox[0 0 400 500]", "/CropBox[20 20 380 480]/UserUnit 2"), "bind"),
    hostile("pdf/纸角颠倒.pdf", "纸张的角写反", partial(pdf_with_boxes, "/MediaBox[595 842 0 0]"), "bind"),
    hostile("pdf/没有纸张.pdf", "没有写纸张大小", partial(pdf_with_boxes, ""), "bind", "FILE-DAMAGED"),
    hostile("pdf/原点不在零.pdf", "纸张的原点不在 0 0", partial(pdf_with_boxes, "/MediaBox[-100 -200 495 642]"), "bind"),
    hostile("pdf/巨页.pdf", "200 英寸见方的一页", partial(pdf_with_boxes, "/MediaBox[0 0 14400 14400]"), "bind"),
    hostile("pdf/微页.pdf", "3 点见方的一页", partial(pdf_with_boxes, "/MediaBox[60 60 63 63]"), "FILE-EMPTY"),
    hostile("pdf/无面积.pdf", "没有面积的一页", partial(pdf_with_boxes, "/MediaBox[0 0 0 0]"), "bind", "FILE-DAMAGED"),
    hostile("pdf/躺着的页.pdf", "/Rotate 270", partial(pdf_with_boxes, "/MediaBox[0 0 595 842]", "/Rotate 270"), "bind"),
    hostile("pdf/元数据不是XML.pdf", "XMP 不是 XML", lambda: one_page_pdf(
        stream(b"<x", b"/Type/Metadata/Subtype/XML"), catalog=CATALOG.replace(b">>", b"/Metadata 5 0 R>>")), "bind"),
    hostile("pdf/信息键乱码.pdf", "Info 的键是拉丁字节", lambda: build_pdf(
        CATALOG, TREE, PAGE, stream(LINE), b"<</Autor#E9(x)/CreationDate(D:99999999)>>", trailer=b"/Info 5 0 R"), "bind"),
    hostile("pdf/尾随压缩包.pdf", "文件后面接着一个压缩包", lambda: one_page_pdf() + b"PK\x03\x04" + bytes(200), "bind"),
)  # fmt: skip
