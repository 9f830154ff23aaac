"""Characters of symbol fonts (Wingdings, Symbol and others) and the Unicode characters that look the same."""

from __future__ import annotations

import re

_PRIVATE_USE = 0xF000
"""Word stores a symbol font's character 0xNN also as U+F0NN."""
_LAST_PRIVATE_USE = 0xF0FF
_PRIVATE = re.compile("[\uf000-\uf0ff]")
_ASCII_END, _LATIN_END = 0x80, 0x100

_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x74: "◆", 0x75: "◆", 0x76: "❖",
    0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xAB: "★", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧", 0x89: "⑨", 0x8A: "⑩",
    0x20: " ",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x2A: "☐", 0xA2: "■", 0xA3: "☐", 0xA4: "☐",
    0x96: "•", 0x97: "●", 0x98: "●", 0x99: "○", 0x9A: "○", 0x9E: "○", 0x9F: "■", 0xA0: "■", 0xA1: "□", 0x20: " ",
    0x6A: "①", 0x6B: "②", 0x6C: "③", 0x6D: "④", 0x6E: "⑤", 0x6F: "⑥", 0x70: "⑦", 0x71: "⑧", 0x72: "⑨", 0x73: "⑩",
}  # fmt: skip
_SYMBOL = {
    0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xA5: "∞", 0xD7: "·",
    0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xD6: "√", 0xE5: "∑", 0x20: " ",
    **{code: chr(code) for code in (*range(0x30, 0x3A), 0x28, 0x29, 0x2B, 0x2C, 0x2E, 0x2F, 0x3A, 0x3B, 0x3D, 0x25)},
}  # fmt: skip
_TABLES = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "symbol": _SYMBOL,
    "wingdings 3": {0x20: " "},
    "webdings": {0x61: "✓", 0x63: "□", 0x72: "✗", 0x67: "■", 0x6E: "●", 0x20: " "},
    "marlett": {0x20: " "},
    "zapfdingbats": {0x33: "✓", 0x34: "✓", 0x38: "✗", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x20: " "},
}
_BULLETS = {"wingdings": {0xD8: "▶", 0xF0: "→", 0xE0: "→", 0xE8: "→", 0x46: "→"}}
"""Bullets for which our fonts have no glyph of the same look; a bullet has no meaning, so a like one is put."""


def is_symbol_font(name: str | None) -> bool:
    """Whether a font draws signs at the codes of letters."""
    return (name or "").strip().lower() in _TABLES


def to_unicode(code: int, font: str | None) -> str | None:
    """Return the character that looks like a symbol font's; None if there is none."""
    if _PRIVATE_USE <= code <= _LAST_PRIVATE_USE:
        code -= _PRIVATE_USE
    return _TABLES.get((font or "").strip().lower(), {}).get(code)


def bullet_of(text: str, font: str | None) -> tuple[str, bool]:
    """Return the bullet to set for a level's text, and whether it looks the same."""
    if not is_symbol_font(font) and not any(_PRIVATE_USE <= ord(c) <= _LAST_PRIVATE_USE for c in text):
        return text, True
    found = to_unicode(ord(text[:1] or " "), font if is_symbol_font(font) else "wingdings")
    if found is not None:
        return found, True
    like = _BULLETS.get((font or "").lower(), {}).get(ord(text[:1] or " ") & 0xFF)
    return like or "•", False


def replace_symbols(text: str, ascii_font: str | None, other_font: str | None) -> tuple[str, str]:
    """Replace the characters that a symbol font draws.

    Args:
        text: a run's text.
        ascii_font: the font of its ASCII letters.
        other_font: the font of its other Latin letters, and of private-use characters.

    Returns:
        The text, and the characters for which no other character looks the same; they stay as they are.
    """
    if not (is_symbol_font(ascii_font) or is_symbol_font(other_font) or _PRIVATE.search(text)):
        return text, ""
    shown, unknown = [], []
    for character in text:
        code = ord(character)
        is_private = _PRIVATE_USE <= code <= _LAST_PRIVATE_USE
        if is_private:
            font = next((name for name in (other_font, ascii_font) if is_symbol_font(name)), None)
        else:
            font = ascii_font if code < _ASCII_END else other_font if code < _LATIN_END else None
        if character in "\t\n\f" or not (is_private or is_symbol_font(font)):
            shown.append(character)
            continue
        found = to_unicode(code, font)
        shown.append(character if found is None else found)
        if found is None:
            unknown.append(character)
    return "".join(shown), "".join(unknown)
