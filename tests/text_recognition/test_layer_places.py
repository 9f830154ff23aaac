"""The layer's words lie where the words are seen: a page is drawn with every character's place known, read, bound and searched."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from bundler.bind.join import join
from bundler.bind.join_types import JoinOptions, SourcePart, TypesetPart
from bundler.bind.text_layer import layer_characters
from bundler.digest import sha256_of_file
from bundler.fonts.files import find_fonts
from bundler.text_recognition.page_worker import PageReader, PageTask
from bundler.typeset.typesetter import Typesetter

pytest.importorskip("rapidocr", reason="needs make setup-read")

DPI, SIZE, LEADING = 200, 44, 80
TEXT = (
    "根据执行申诉信访案件办理规范的规定，承办人收到信访件后应当在五日内约谈信访人，"
    "听取其意见并制作笔录；办理结果应当自收到之日起四十个工作日内书面答复，答复意见书"
    "应当写明查明的事实、理由和依据，并告知信访人不服的救济途径。材料不齐的，由执行指挥"
    "中心退回补正；2021年9月16日起施行。"
)


def draw_page(path: Path, skew: float) -> list[tuple[str, float, float]]:
    """Draw a page slanted by some degrees; return each character with the place of its middle, in millimetres."""
    font_path = next(one.path for one in find_fonts() if one.font.file_name == "FandolFang-Regular.otf")
    font = ImageFont.truetype(font_path, SIZE)
    page = Image.new("L", (1654, 2339), 250)
    places = []
    for place, character in enumerate(TEXT * 3):
        row, column = divmod(place, 28)
        x, y = 210 + column * SIZE, 260 + row * LEADING
        ImageDraw.Draw(page).text((x, y), character, 30, font)
        places.append((character, x + SIZE / 2, y + SIZE / 2))
    page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=250).save(path, dpi=(DPI, DPI))
    return [(character, *_turned(x, y, skew)) for character, x, y in places]


def _turned(x: float, y: float, degrees: float) -> tuple[float, float]:
    from math import cos, radians, sin

    middle_x, middle_y = 1654 / 2, 2339 / 2
    a = radians(-degrees)
    dx, dy = x - middle_x, y - middle_y
    return (middle_x + dx * cos(a) - dy * sin(a)) / DPI * 25.4, (middle_y + dx * sin(a) + dy * cos(a)) / DPI * 25.4


@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_places_are_within_a_millimetre_at_the_median(tmp_path: Path, skew: float) -> None:
    """Also on a slanted page."""
    path, target = tmp_path / "页.png", tmp_path / "a.pdf"
    drawn = draw_page(path, skew)
    task = PageTask(tmp_path, path.name, sha256_of_file(path), 0, "image/png", 1, (595.0, 842.0), is_scan=True)
    with PageReader() as reader:
        page = reader.read(task, {})
    assert page is not None
    typesetter = Typesetter()
    typesetter.typeset_pages({"cover": "<p>封面</p>"}, "")
    base = typesetter.write(["cover"], "卷宗", b"0" * 16, None)[0]
    part = SourcePart("image/png", range(1, 2), path.read_bytes, frozenset({1}), layer={1: page})
    join(base, [TypesetPart(0, 0, "封面"), part], (), target, JoinOptions(layer_characters=layer_characters([page])))

    with pypdfium2.PdfDocument(target) as document:
        text = document[1].get_textpage()
        found = str(text.get_text_range())
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    errors = []
    for character, x, y in drawn:
        near = [
            ((box[0] + box[2]) / 2 * 25.4 / 72 - x, (841.89 - (box[1] + box[3]) / 2) * 25.4 / 72 - y)
            for other, box in zip(found, boxes, strict=False)
            if other == character
        ]
        errors += [min((dx * dx + dy * dy) ** 0.5 for dx, dy in near)] if near else []

    assert len(errors) > 0.95 * len(drawn)
    assert median(errors) < 1.0
