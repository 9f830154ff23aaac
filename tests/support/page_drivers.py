"""Two ways to operate a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_MAX_TABS = 800
_MAX_OPTIONS = 40
_POSITION = """(wanted) => {
  const now = document.activeElement;
  if (now === wanted) return "here";
  return now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? "before" : "behind";
}"""


class Mouse:
    """Operates a page with the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, element: Locator) -> None:
        """Click a button, a link or the head of a section."""
        element.click()

    def check(self, box: Locator) -> None:
        """Check a checkbox."""
        box.check()

    def type_text(self, field: Locator, text: str) -> None:
        """Fill a text field."""
        field.fill(text)

    def enter_date(self, field: Locator, day: str) -> None:
        """Fill a date field with an ISO date."""
        field.focus()
        field.fill(day)

    def select(self, field: Locator, label: str) -> None:
        """Select an option by its label."""
        field.focus()
        field.select_option(label=label)

    def set_file(self, field: Locator, file: Path) -> None:
        """Choose a file for a file field, without the system's dialog."""
        field.focus()
        field.set_input_files(file)

    def leave(self, field: Locator) -> None:
        """Press Tab until the field has lost the focus; a date field has several stops."""
        while field.evaluate("one => one === document.activeElement"):
            self.page.keyboard.press("Tab")


class Keyboard(Mouse):
    """Operates a page with the keyboard alone, and asserts that Tab or Shift+Tab reaches each element."""

    def press(self, element: Locator) -> None:
        """Press Enter on the element."""
        self._reach(element)
        self.page.keyboard.press("Enter")

    def check(self, box: Locator) -> None:
        """Press Space on the checkbox."""
        self._reach(box)
        self.page.keyboard.press("Space")

    def type_text(self, field: Locator, text: str) -> None:
        """Replace the text of a field, key by key."""
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def enter_date(self, field: Locator, day: str) -> None:
        """Type the digits of a date in the order in which this browser shows them."""
        self._reach(field)
        year, month, of_month = day.split("-")
        self.page.keyboard.type(f"{month}{of_month}{year}")

    def select(self, field: Locator, label: str) -> None:
        """Press the arrow key until the option is selected."""
        self._reach(field)
        for _ in range(_MAX_OPTIONS):
            if field.evaluate("one => one.selectedOptions[0].label") == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow key does not reach {label}")

    def set_file(self, field: Locator, file: Path) -> None:
        """Choose a file for the focused field; the system's dialog cannot be operated."""
        self._reach(field)
        expect(field).to_be_focused()
        field.set_input_files(file)

    def _reach(self, element: Locator) -> None:
        element.wait_for(state="attached")
        for _ in range(_MAX_TABS):
            position = element.evaluate(_POSITION)
            if position == "here":
                return
            self.page.keyboard.press("Shift+Tab" if position == "before" else "Tab")
        raise AssertionError(f"the keyboard does not reach {element}")
