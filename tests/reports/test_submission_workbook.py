"""The workbook of a submission lists each write-off as its letter does."""

from __future__ import annotations

import copy
import io
from datetime import date, datetime
from typing import Any

import openpyxl

from bundler.documents.drafting import fill_submission_letter
from bundler.documents.views.submission_letter import build_submission_view
from bundler.reports.submission_workbook import build_summary_workbook
from tests.support.documents import PROFILE, TEMPLATES, build_case, example_tree, read_paragraphs


def test_a_reply_that_several_received_has_the_day_of_each() -> None:
    """One day is a date; several days are named in order, as in the letter; a reply that nobody has received has none."""
    of_one = example_tree()
    of_two: dict[str, Any] = copy.deepcopy(of_one)
    (receipt,) = [one for one in of_two["materials"] if one["items"] == ["reply_service"]]
    of_two["petitioners"].append({"name": "丙某某", "role": "party", "position": "applicant"})
    receipt.update(title="答复意见书送达回证（甲某某）", signed_on="2021-11-15")
    of_two["materials"].append({**receipt, "title": "答复意见书送达回证（丙某某）", "signed_on": "2021-11-12"})
    of_none = copy.deepcopy(of_one)
    of_none["materials"] = [one for one in of_none["materials"] if one["items"] != ["reply_service"]]

    view = build_submission_view([(build_case(one), 9) for one in (of_one, of_two, of_none)], PROFILE, None)
    book = openpyxl.load_workbook(io.BytesIO(build_summary_workbook(view, ["1.pdf", "2.pdf", "3.pdf"])))
    heading, *rows = [row for row in book["汇总表"].values if row[0] == "序号" or isinstance(row[0], int)]
    place = heading.index("答复送达日期")

    assert [row[place] for row in rows] == [datetime(2021, 11, 12), "2021-11-12、2021-11-15", None]  # noqa: DTZ001
    assert [one.served_on for one in view.cases] == [date(2021, 11, 12), date(2021, 11, 15), None]
    assert "2021年11月12日、2021年11月15日" in read_paragraphs(fill_submission_letter(view, TEMPLATES))
