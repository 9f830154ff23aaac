"""Lines with figures that tell something are read twice, with an engine made for the test: what the record says of the two looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

numpy = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from bundler.scan_reading.record import ReadLine  # noqa: E402 (needs the extra `read`, as do the next)
from bundler.text_recognition.ocr_engine import Recognised, RecognisedCharacter  # noqa: E402
from bundler.text_recognition.page_picture import PagePicture  # noqa: E402
from bundler.text_recognition.page_reading import read_page  # noqa: E402

QUAD = [[200, 300], [600, 300], [600, 360], [200, 360]]


class StretchingEngine:
    """Finds one line, and reads it otherwise when it is shown wider."""

    def __init__(
        self, first: str, second: str, score: float = 0.95, figure: float = 1.0, columns: Sequence[int] = ()
    ) -> None:
        self._texts, self._score, self._figure, self._columns = (first, second), score, figure, columns
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
        text = self._texts[line.shape[1] > 400]
        certain = (self._figure if one.isdecimal() else 1.0 for one in text)
        columns = self._columns or range(0, 3 * len(text), 3)
        return Recognised(text, self._score, tuple(map(RecognisedCharacter, text, certain, columns)))


def read(engine: StretchingEngine) -> ReadLine:
    """What the record says of the line."""
    pixels = numpy.full((2339, 1654), 250, numpy.uint8)
    (line,) = read_page(engine, PagePicture(pixels, "0" * 64), 1).lines  # type: ignore[arg-type]
    return line


@pytest.mark.parametrize(
    ("first", "second", "text", "doubts"),
    [
        ("2023年2月1日", "2023年2月21日", "2023年2月21日", ("figures",)),
        ("2023年2月21日", "2023年2月1日", "2023年2月21日", ("figures",)),
        ("2023年2月21日", "2023年2月27日", "2023年2月21日", ("figures",)),
        ("签收：2023.2.21", "签收:2023.2.21", "签收：2023.2.21", ()),
        ("2011年2月21日", "2021年2月21日", "2011年2月21日", ("year",)),
        ("二〇二一年十月九日", "二〇二一年十月十九日", "二〇二一年十月十九日", ("figures",)),
        ("2023年2月1日", "2023年2月21日止", "2023年2月1日", ("figures",)),
        ("(2021)鲁0117执107号", "(2021)鲁0117执1007号", "(2021)鲁0117执1007号", ("figures",)),
    ],
)
def test_of_two_readings_the_one_with_more_figures_counts(
    first: str, second: str, text: str, doubts: tuple[str, ...]
) -> None:
    """Where it has all that the other has; any difference of figures is noted, and that of a mark is none."""
    engine = StretchingEngine(first, second)
    line = read(engine)
    assert (line.text, line.doubts, engine.looks) == (text, doubts, 2)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("2023年2月21日", ("figures", "year")),
        ("第1页共2页", ("figures",)),
        ("登记号:钢信执2022", ("figures",)),
    ],
)
def test_figures_of_which_the_engine_was_not_certain_are_noted(text: str, doubts: tuple[str, ...]) -> None:
    """Although both looks agree; those of a date's year apart."""
    assert read(StretchingEngine(text, text, figure=0.99)).doubts == ()
    assert read(StretchingEngine(text, text, figure=0.6)).doubts == doubts


@pytest.mark.parametrize(
    ("text", "columns", "unsure"),
    [
        ("2022年2月2日", (30, 32, 35, 38, 42, 47, 51, 56, 62), True),  # 21日, with its figures run together
        ("2023年1月4日", (31, 33, 37, 39, 44, 50, 55, 59, 63), True),  # 11月
        ("2022年2月2日", (30, 32, 35, 38, 42, 47, 52, 57, 62), False),
        ("2022年2月21日", (30, 32, 35, 38, 42, 47, 51, 55, 58, 62), False),
        ("2022.2.2", (30, 32, 35, 38, 41, 43, 49, 52), True),  # 2022.12.2
        ("2022.2.2", (30, 32, 35, 38, 41, 43, 46, 49), False),
        ("2022年2月2", (30, 32, 35, 38, 42, 47, 56, 62), False),
    ],
)
def test_a_date_with_room_for_a_figure_that_was_not_read_is_unsure(
    text: str,
    columns: tuple[int, ...],
    unsure: bool,  # noqa: FBT001
) -> None:
    """As measured on two lines of which the engine was certain, and wrong; the year tells how wide a figure is."""
    assert read(StretchingEngine(text, text, columns=columns)).doubts == (("room",) if unsure else ())


@pytest.mark.parametrize(("score", "unsure"), [(0.95, False), (0.6, True)])
def test_a_line_of_words_is_unsure_where_the_engine_was(score: float, unsure: bool) -> None:  # noqa: FBT001
    """A name that was not found in such lines may stand there."""
    assert read(StretchingEngine("反睡材料", "", score)).doubts == (("words",) if unsure else ())


@pytest.mark.parametrize("text", ["送达回证", "电话13812345678"])
def test_other_lines_are_read_once(text: str) -> None:
    """Most lines hold neither a day nor a case number."""
    engine = StretchingEngine(text, "")
    line = read(engine)
    assert (line.text, line.doubts, engine.looks) == (text, (), 1)
