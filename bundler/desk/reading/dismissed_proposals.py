"""The proposals that a person does not want (不填): kept beside the cases in `.desk/dismissed`, never in case.json.

A mark names a value as it was read on one scan, so that another value, or the same value on a scan that came later, is
proposed again. Marks are digests: the folder holds no value of a case.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterable
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.errors import output_error
from bundler.file_reading import read_bounded
from bundler.ledger.audit_log import AUDIT_FILE

_FOLDER = "dismissed"
_MAX_BYTES = 256 * 1024
_MAX_MARKS = 4000
"""Of one case; the newest are kept."""
_MARK = re.compile("[0-9a-f]{32}")


class DismissedProposals:
    """The marks of each case of a desk, in one file a case; a file that is broken counts as none.

    Args:
        root: the folder of cases.
    """

    def __init__(self, root: Path) -> None:
        self._folder = (root / AUDIT_FILE).parent / _FOLDER
        self._lock = threading.Lock()

    def of_case(self, key: str) -> tuple[str, ...]:
        """The marks of a case, in the order in which they came.

        Args:
            key: of the case, as in addresses.
        """
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(read_bounded(self._path(key), _MAX_BYTES))
            if isinstance(kept, list):
                return tuple(mark for mark in kept if isinstance(mark, str) and _MARK.fullmatch(mark))
        return ()

    def add(self, key: str, marks: Iterable[str]) -> None:
        """Keep marks of a case.

        Raises:
            OutputError: they cannot be written.
        """
        with self._lock:
            kept = tuple(dict.fromkeys((*self.of_case(key), *marks)))
            self._write(key, kept[-_MAX_MARKS:])

    def forget(self, key: str) -> None:
        """Drop the marks of a case, so that everything is proposed again.

        Raises:
            OutputError: they cannot be dropped.
        """
        with self._lock:
            path = self._path(key)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise output_error(path, error) from error

    def _write(self, key: str, marks: tuple[str, ...]) -> None:
        path = self._path(key)
        try:
            for folder in (self._folder.parent, self._folder):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise output_error(path, error) from error
        write_atomic(path, json.dumps(marks).encode(), mode=0o600)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
