"""A line that may hold a day or a case number is read twice, with an engine made for the test: what the record says where the two differ."""

from __future__ import annotations

from typing import Any

import pytest

numpy = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from bundler.scan_reading.record import ReadLine  # noqa: E402 (needs the extra `read`, as do the next)
from bundler.text_recognition.ocr_engine import Recognised  # noqa: E402
from bundler.text_recognition.page_picture import PagePicture  # noqa: E402
from bundler.text_recognition.page_reading import read_page  # noqa: E402

QUAD = [[200, 300], [600, 300], [600, 360], [200, 360]]


class StretchingEngine:
    """Finds one line, and reads it otherwise when it is shown wider."""

    def __init__(self, first: str, second: str, score: float = 0.9) -> None:
        self._texts, self._score = (first, second), score
        self.looks = 0

    def find_lines(self, _: object) -> list[Any]:
        """One line."""
        return [numpy.array(QUAD, numpy.float32)]

    def count_upside_down(self, _: object) -> float:
        """It stands upright."""
        return -1.0

    def read_line(self, line: Any) -> Recognised:  # noqa: ANN401 (an array)
        """The first text at its own width, the second where it is stretched."""
        self.looks += 1
        return Recognised(self._texts[line.shape[1] > 400], self._score)


def read(engine: StretchingEngine) -> ReadLine:
    """What the record says of the line."""
    pixels = numpy.full((2339, 1654), 250, numpy.uint8)
    (line,) = read_page(engine, PagePicture(pixels, "0" * 64), 1).lines  # type: ignore[arg-type]
    return line


@pytest.mark.parametrize(
    ("first", "second", "text", "unsure"),
    [
        ("2023年2月1日", "2023年2月21日", "2023年2月21日", True),
        ("2023年2月21日", "2023年2月1日", "2023年2月21日", True),
        ("2023年2月21日", "2023年2月27日", "2023年2月21日", True),
        ("签收：2023.2.21", "签收:2023.2.21", "签收：2023.2.21", False),
        ("二〇二一年十月九日", "二〇二一年十月十九日", "二〇二一年十月十九日", True),
        ("2023年2月1日", "2023年2月21日止", "2023年2月1日", True),
        ("(2021)鲁0117执107号", "(2021)鲁0117执1007号", "(2021)鲁0117执1007号", True),
    ],
)
def test_of_two_readings_the_one_with_more_figures_counts(first: str, second: str, text: str, unsure: bool) -> None:  # noqa: FBT001
    """Where it has all that the other has; any difference of figures is noted, and that of a mark is none."""
    engine = StretchingEngine(first, second)
    line = read(engine)
    assert (line.text, line.unsure, engine.looks) == (text, unsure, 2)


@pytest.mark.parametrize("text", ["送达回证", "共3页", "电话13812345678"])
def test_other_lines_are_read_once(text: str) -> None:
    """Most lines hold neither a day nor a case number."""
    engine = StretchingEngine(text, "")
    line = read(engine)
    assert (line.text, line.unsure, engine.looks) == (text, False, 1)
