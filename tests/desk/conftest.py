"""What the tests of the desk in a browser share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import launch_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all windows of a module's tests."""
    with launch_browser() as chromium:
        yield chromium
