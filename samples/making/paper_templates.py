"""Layouts that papers share: heading, letter, record of an interview, receipt of service, form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from making.paper_model import BODY, SMALL, SPEECH, TITLE, Align, Cell, KeepTogether, Paper, Paragraph, Row, Table

COURT = "济南市钢城区人民法院"
FORM_MARGINS = (30.0, 26.0, 22.0, 28.0)
_METHODS = ("直接送达", "留置送达", "邮寄送达", "电子送达", "委托送达", "转交送达")
_RECEIPT_NOTE = (
    "注：1.受送达人收到文书后，请在本回证上写明收到日期并签名或者盖章。2.本人不在的，可以由同住的成年家属代收；单位由法定代表人、"
    "负责人或者负责收件的人签收。3.拒绝签收的，由送达人记明事由和日期。4.本回证送达后附卷。"
)


def heading(title: str, body: str = COURT) -> tuple[Paragraph, ...]:
    """The name of the issuing body and the title of the paper, each on a line."""
    return tuple(Paragraph(line, TITLE, "centre", 0) for line in (*body.split("\n"), *title.split("\n")) if line)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A paragraph for each line of a text."""
    return tuple(Paragraph(line, BODY) for line in text.strip().split("\n"))


def speech(
    *lines: str, align: Align = "justify", first: float = 2, flush: str | tuple[str, ...] = (), before: float = 8
) -> tuple[Paragraph, ...]:
    """A paragraph in the style of speech for each line.

    Args:
        lines: the lines.
        align: their alignment.
        first: the indent of each, in characters.
        flush: a line that begins or ends with one of these words has no indent.
        before: the space above the first, in points.
    """
    return tuple(
        Paragraph(
            line,
            SPEECH,
            align,
            0 if line.startswith(flush) or line.endswith(flush) else first,
            before=before if place == 0 else 0,
        )
        for place, line in enumerate(lines)
    )


def signed(name: str, date: str) -> KeepTogether:
    """A signature centred above its date, with a seal over both."""
    end, half = 4.0, len(date) // 2
    wide = sum(0.5 if character.isascii() else 1 for character in date)
    return KeepTogether(
        (
            Paragraph("", BODY),
            Paragraph(name, BODY, "right", 0, right=end + (wide - len(name)) / 2),
            Paragraph(f"{date[:half]}◉{date[half:]}", BODY, "right", 0, right=end),
        )
    )


def record(title: str, head: str, talk: str, closing: str, foot: str, *, body: str = COURT) -> Paper:  # noqa: PLR0913 (its parts)
    """A record of an interview: heading, head lines, questions and answers, closing lines."""
    return Paper(
        (
            *heading(title, body),
            *speech(*head.strip().split("\n"), first=0),
            *speech(*talk.strip().split("\n"), before=6),
            KeepTogether(tuple(Paragraph(line, SPEECH, "left", 2) for line in closing.strip().split("\n"))),
        ),
        foot=f"{foot}　　　第{{page}}页　共{{pages}}页",
    )


def label(text: str, columns: int = 1) -> Cell:
    """The name of a form's field."""
    return Cell(text, columns, align="centre")


def value(text: str, columns: int = 1, *, long: bool = False, foot: str = "") -> Cell:
    """The value of a form's field: a short text is centred vertically, a long one starts at the top."""
    return Cell(text, columns, align="justify" if long else "left", first=2 if long else 0, foot=foot, top=long)


def form(title: str, above: tuple[str, str], table: Table, note: str = "", body: str = COURT) -> Paper:
    """A form: heading, a line above the table, the table, a note below it."""
    half = sum(table.widths) / 2
    line = Row((Cell(above[0]), Cell(above[1], align="right")), 0)
    return Paper(
        (
            *heading(title, body),
            Table((half, half), (line,), ruled=False),
            replace(table, before=0),
            *((Paragraph(note, SMALL, "justify", 0, before=4),) if note else ()),
        ),
        margins=FORM_MARGINS,
    )


@dataclass(frozen=True, slots=True)
class Service:
    """The contents of a receipt of direct service; the signature and the servers are handwritten."""

    cause: str
    numbers: str
    papers: str
    to: str
    address: str
    signature: str
    issuer: str
    servers: str
    remark: str = ""
    court: str = COURT


def receipt(service: Service) -> Paper:
    """A receipt of service (送达回证), filled in."""
    boxes = [("☑" if place == 0 else "□") + name for place, name in enumerate(_METHODS)]
    methods = "　".join(boxes[:3]) + "\n" + "　".join(boxes[3:])
    rows = (
        Row((label("案由（信访事由）"), value(service.cause, 3))),
        Row((label("登记号、执行案号"), value(service.numbers, 3)), 14),
        Row((label("送达文书名称\n和件数"), value(service.papers, 3)), 14),
        Row((label("受送达人"), value(service.to, 3))),
        Row((label("送达地址"), value(service.address, 3))),
        Row((label("送达方式"), value(methods, 3)), 14),
        Row((label("受送达人签名\n或者盖章"), Cell("", 3, foot=service.signature)), 22),
        Row((label("代收人签名或者\n盖章及代收理由"), Cell("", 3, foot="年　　月　　日　")), 18),
        Row((label("拒收（拒签）\n事由和日期"), value("", 3)), 13),
        Row((label("见证人（单位、\n职务、签名）"), value("", 3)), 12),
        Row((label("邮寄、电子、\n委托、转交情况"), value("", 3)), 12),
        Row((label("备考"), value(service.remark, 3)), 12),
        Row(
            (
                label("填发人"),
                Cell(service.issuer, align="centre"),
                label("送达人"),
                Cell(service.servers, align="centre"),
            ),
            12,
        ),
    )
    note = Paragraph(_RECEIPT_NOTE, SMALL, "justify", 0, before=4)
    return Paper(
        (*heading("送　达　回　证", service.court), Table((38, 40, 38, 40), rows, 10), note), margins=FORM_MARGINS
    )
