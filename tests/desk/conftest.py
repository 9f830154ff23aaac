"""What the tests of the desk in a browser share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import desk_window, launch_browser
from tests.support.paths import copy_sample


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all windows of a module's tests."""
    with launch_browser() as chromium:
        yield chromium


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The case of a test: a copy of the sample that its mark `desk_case` names."""
    return copy_sample(_mark(request).args[0], tmp_path / "cases" / "案")


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Page]:
    """The page of the case that the mark names, or with None the list, in a window whose scripts must make no error."""
    with desk_window(browser, folder, *_mark(request).args[1:]) as window:
        yield window


def _mark(request: pytest.FixtureRequest) -> pytest.Mark:
    mark: pytest.Mark | None = request.node.get_closest_marker("desk_case")
    assert mark, "a test with `folder` or `page` has the mark `desk_case`"
    return mark
