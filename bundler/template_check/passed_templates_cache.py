"""Remember which templates passed a check without a word, so that only the others are filled again.

A template passes again where nothing has changed on which its result depends: its bytes, those of the building blocks, the
templates of the package and the samples, the court's profile with its regulation, the code of the whole package, and the
releases of the libraries. All of that goes into the name under which the cache remembers it. A template with a problem or a
warning is never remembered.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache as cache_result
from importlib.metadata import version
from pathlib import Path

from bundler import __version__, cache
from bundler.digest import sha256_of
from bundler.documents.definitions import find_samples_folder, find_templates_folder
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.profile import Profile
from bundler.template_check.problem_report import TemplateProblem

_CODE = ("*.py", "*.toml", "*.conf")
_LIBRARIES = ("chinesecalendar", "docxtpl", "jinja2", "lxml", "markupsafe", "pydantic", "python-docx")


class PassedTemplatesCache:
    """What one check of one folder of templates remembers.

    Attributes:
        names: the templates that have to be checked.
    """

    def __init__(self, check: str, folder: Path, profile: Profile, names: Iterable[str], more: str = "") -> None:
        """Look up which templates passed before.

        Args:
            check: the name of the check.
            folder: the folder of templates.
            profile: the court.
            names: the templates of the folder.
            more: what else the result depends on.
        """
        is_shipped = folder.resolve() == find_templates_folder(None).resolve()
        blocks = _digest(folder / BLOCKS_FILE)
        self._folder = folder
        self._shared = "\0".join((check, _installation_digest(), profile.cache_key, str(is_shipped), blocks, more))
        self._keys = {name: self._key(name) for name in names}
        self.names = [name for name, key in self._keys.items() if cache.load(key) is None]

    def _key(self, name: str) -> str:
        """The name under which the cache remembers the template as it is now."""
        return f"passed-{sha256_of(f'{self._shared} {name} {_digest(self._folder / name)}'.encode())}"

    def remember(self, found: Iterable[TemplateProblem]) -> None:
        """Remember the templates that were checked, of which nothing was found, and which have not changed meanwhile."""
        spoken_of = {problem.template for problem in found}
        if BLOCKS_FILE in spoken_of:
            return
        for name in self.names:
            if name not in spoken_of and self._key(name) == self._keys[name]:
                cache.store(self._keys[name], b"passed")


def _digest(path: Path) -> str:
    try:
        return sha256_of(path.read_bytes())
    except OSError:
        return ""


@cache_result
def _installation_digest() -> str:
    """The digest of the code, of the templates and samples of the package, and of the libraries."""
    package, templates, samples = Path(__file__).parents[1], find_templates_folder(None), find_samples_folder()
    files = [path for pattern in _CODE for path in package.rglob(pattern)]
    files += [path for path in templates.rglob("*") if path.is_file()]
    files += [*samples.glob("*/case.json"), *samples.glob("*/*.toml")]
    releases = [__version__, sys.version, *(f"{name} {version(name)}" for name in _LIBRARIES)]
    return sha256_of("\0".join([*releases, *(f"{path} {_digest(path)}" for path in sorted(files))]).encode())
