"""The form lists the usual measures of enforcement (执行措施) that a case should show."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.desk_client import clerk


def test_the_form_lists_the_usual_measures_that_a_case_does_not_name_yet(tmp_path: Path) -> None:
    """By one click, which can be undone; a measure under a like name is not listed twice, and nothing else is filled in."""
    with clerk(tmp_path, "in-progress") as one:
        path = one.folder / "case.json"
        tree = one.tree() | {"enforcement_measures": [{"name": "发出限制消费令", "on": "2021-05-06"}]}
        path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        assert "列出通常的执行措施" in one.get().text
        one.post("/fill", {"section": "write-off", "source": "measures"})
        measures = one.tree()["enforcement_measures"]
        one.post("/fill", {"section": "write-off", "source": "measures"})

        assert one.tree()["enforcement_measures"] == measures
    assert measures[:2] == [{"name": "发出限制消费令", "on": "2021-05-06"}, {"name": "查询银行存款"}]
    assert len(measures) == 12
