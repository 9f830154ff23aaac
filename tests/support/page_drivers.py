"""Two ways to operate a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

    def fill_in(self, use: Callable[[Locator, str], None], field: Locator, value: str) -> None:
        """Put a value into a field in one of the ways above, and leave it."""
        use(field, value)
        self._leave(field)

    def _leave(self, field: Locator) -> None:
        """Press Tab until the field has lost the focus; a date field has several stops."""
        while field.evaluate("one => one === document.activeElement"):
            self.page.keyboard.press("Tab")


class InterruptedMouse(Mouse):
    """Operates a page with the mouse while the network is cut at some moments, and repeats what the page says was not done.

    Attributes:
        cuts: what the clerk was doing at each cut.
    """

    _FIELDS = frozenset({0, 2, 6, 10, 14, 15})
    """Which of the fields are filled in without network: texts, a choice and dates."""
    _BUTTONS = frozenset({"加一项：执行案件", "保存", "成卷"})
    _LINKS = frozenset({"文书"})
    _FILES = frozenset({1, 4})

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.cuts: list[str] = []
        self._filled = self._files = 0

    @contextmanager
    def _cut(self, what: str) -> Iterator[None]:
        self.cuts.append(what)
        self.page.context.set_offline(True)
        yield
        self.page.context.set_offline(False)

    def fill_in(self, use: Callable[[Locator, str], None], field: Locator, value: str) -> None:
        """Fill in a field; without network it stays in view as unsaved, and is saved by itself later."""
        number, self._filled = self._filled, self._filled + 1
        if number not in self._FIELDS:
            super().fill_in(use, field, value)
            return
        with self._cut(f"field {number}"):
            super().fill_in(use, field, value)
            expect(self.page.locator("#save-state")).to_contain_text("连不上工作台")

    def press(self, element: Locator) -> None:
        """Press a button or a link; without network nothing is done, which the page or the browser says, and it is pressed again."""
        label = element.get_attribute("aria-label") or element.inner_text().strip()
        if element.evaluate("one => one.tagName") == "A":
            if label in self._LINKS:
                with self._cut(f"link {label}"):
                    super().press(element)
                    self.page.wait_for_url("chrome-error://**")
                self.page.reload()
                return
        elif label in self._BUTTONS:
            with self._cut(label):
                super().press(element)
                expect(self.page.get_by_text("连不上工作台").first).to_be_visible()
        super().press(element)

    def set_file(self, field: Locator, file: Path) -> None:
        """Choose a file; without network the page says that it was not received, and the clerk chooses it again."""
        number, self._files = self._files, self._files + 1
        if number in self._FILES:
            with self._cut(file.name):
                super().set_file(field, file)
                expect(self.page.get_by_text("连不上工作台").first).to_be_visible()
        super().set_file(field, file)


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
