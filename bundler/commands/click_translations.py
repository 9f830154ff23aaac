"""Chinese texts for what click prints itself, from a gettext catalogue in the package.

click passes its texts through the standard library's `gettext`, which finds the catalogue by the domain and the language
that are set here. A text without a line in the catalogue stays as click has it.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

_DOMAIN = "bundler"
_LANGUAGE = "zh_CN"
LOCALE_FOLDER = Path(__file__).with_name("locale")
"""The catalogue: ``bundler.po`` to edit, and ``bundler.mo``, which ``make translations`` compiles from it."""


def install_translations() -> None:
    """Select the catalogue, whatever the locale of the machine; `gettext` asks the environment for the language."""
    os.environ["LANGUAGE"] = _LANGUAGE
    gettext.bindtextdomain(_DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(_DOMAIN)
