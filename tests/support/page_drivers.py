"""Two ways to work at a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 800
_MOST_CHOICES = 40
_WHERE = """(wanted) => {
  const now = document.activeElement;
  if (now === wanted) return "here";
  return now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? "before" : "behind";
}"""


class Mouse:
    """Points at things."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, thing: Locator) -> None:
        """A button, a link, the head of a part."""
        thing.click()

    def tick(self, box: Locator) -> None:
        """A box that is ticked."""
        box.check()

    def write(self, field: Locator, text: str) -> None:
        """A text into a field."""
        field.fill(text)

    def date(self, field: Locator, day: str) -> None:
        """A day (ISO) into a field of days."""
        field.focus()
        field.fill(day)

    def choose(self, field: Locator, word: str) -> None:
        """A word of a list."""
        field.focus()
        field.select_option(label=word)

    def put(self, field: Locator, file: Path) -> None:
        """A file, as the system's own dialog would hand it over."""
        field.focus()
        field.set_input_files(file)

    def leave(self, field: Locator) -> None:
        """The field that was written in; a day has more than one stop."""
        while field.evaluate("one => one === document.activeElement"):
            self.page.keyboard.press("Tab")


class Keyboard(Mouse):
    """Has no mouse: whatever is used was come to by Tab or Shift and Tab, and that it was is asserted."""

    def press(self, thing: Locator) -> None:
        """With Enter."""
        self._reach(thing)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        """With Space."""
        self._reach(box)
        self.page.keyboard.press("Space")

    def write(self, field: Locator, text: str) -> None:
        """Letter after letter, in place of what stands there."""
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def date(self, field: Locator, day: str) -> None:
        """Its digits, in the order in which this browser shows them."""
        self._reach(field)
        year, month, of_month = day.split("-")
        self.page.keyboard.type(f"{month}{of_month}{year}")

    def choose(self, field: Locator, word: str) -> None:
        """By the arrow until the word stands there."""
        self._reach(field)
        for _ in range(_MOST_CHOICES):
            if field.evaluate("one => one.selectedOptions[0].label") == word:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow does not come to {word}")

    def put(self, field: Locator, file: Path) -> None:
        """Into a field that has the focus; the system's own dialog cannot be driven."""
        self._reach(field)
        expect(field).to_be_focused()
        field.set_input_files(file)

    def _reach(self, thing: Locator) -> None:
        thing.wait_for(state="attached")
        for _ in range(_MOST_TABS):
            where = thing.evaluate(_WHERE)
            if where == "here":
                return
            self.page.keyboard.press("Shift+Tab" if where == "before" else "Tab")
        raise AssertionError(f"the keyboard does not reach {thing}")
