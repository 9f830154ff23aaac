"""The full-text index of the cases below a folder, in the user's cache: what it holds is read again where a case has changed.

Each text is indexed by its pairs of neighbouring characters (`bundler.case_search.normalize_text`); whether a text holds a word is
then decided on the text itself, so the index only saves time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bundler.cache import cache_folder
from bundler.case_search.case_texts import CaseText, CaseTexts, read_case_texts, stamp_case
from bundler.case_search.normalize_text import fold_text, index_words, query_of
from bundler.digest import sha256_of
from bundler.sandbox import SandboxWorker

_FORMAT = 2
"""Increased when the tables change their shape or meaning."""
_BATCH = 50
"""Cases after which what was read is kept, so that an interrupted run goes on from there."""
_WAIT_SECONDS = 60
_SCHEMA = """
CREATE TABLE cases (id INTEGER PRIMARY KEY, folder TEXT UNIQUE, stamp TEXT, number TEXT, files TEXT);
CREATE TABLE texts (id INTEGER PRIMARY KEY, owner INTEGER, file TEXT, page INTEGER, is_read INTEGER, text BLOB,
  labels TEXT);
CREATE INDEX texts_of_case ON texts (owner);
CREATE VIRTUAL TABLE pairs USING fts5(words, content='', detail=none, columnsize=0);
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text that holds all words: the case's folder and number, and the text."""

    folder: str
    registration_no: str
    text: CaseText


class TextIndex:
    """The index of one folder of cases.

    It is used as a context manager. A file that is damaged, or was written by another version, is made anew; where none can
    be written, the index is kept in memory for this one search.
    """

    def __init__(self, root: Path) -> None:
        """Open the index of the cases below a folder."""
        self._root = root
        self._path = cache_folder() / f"find-{_FORMAT}-{sha256_of(os.fsencode(os.path.realpath(root)))[:24]}.sqlite"
        try:
            self._database = self._open()
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._path.unlink()
            self._database = self._open_or_use_memory()
        except OSError:
            self._database = _in_memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        database.execute("PRAGMA synchronous = OFF")  # a cache: what a power cut damages is made anew
        if not database.execute("PRAGMA user_version").fetchone()[0]:
            _create(database)
        return database

    def _open_or_use_memory(self) -> sqlite3.Connection:
        try:
            return self._open()
        except (sqlite3.DatabaseError, OSError):
            return _in_memory()

    def update(self, folders: Sequence[Path], progress: Progress) -> None:
        """Read the cases that are new or have changed, and forget those that are gone.

        Args:
            folders: all cases below the folder.
            progress: called with the number of cases read, and of those to be read.
        """
        known = {
            str(folder): (identity, str(stamp), str(files).split("\0") if files else [])
            for identity, folder, stamp, files in self._database.execute("SELECT id, folder, stamp, files FROM cases")
        }
        names = {os.path.relpath(folder, self._root): folder for folder in folders}
        changed = [
            name
            for name, folder in names.items()
            if name not in known or stamp_case(os.fspath(folder), known[name][2]) != known[name][1]
        ]
        gone = known.keys() - names.keys()
        if not (changed or gone):
            return
        with SandboxWorker() as worker:
            for begin in range(0, max(len(changed), 1), _BATCH):
                batch = changed[begin : begin + _BATCH]
                read = {name: read_case_texts(names[name], worker) for name in batch}
                self._write(read, gone if begin == 0 else ())
                progress(min(begin + _BATCH, len(changed)), len(changed))

    def _write(self, read: dict[str, CaseTexts], gone: Iterable[str]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for name in (*gone, *read):
                self._forget(name)
            for name, texts in read.items():
                self._keep(name, texts)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _forget(self, name: str) -> None:
        for (identity,) in self._database.execute("SELECT id FROM cases WHERE folder = ?", (name,)).fetchall():
            texts = self._database.execute("SELECT id, text FROM texts WHERE owner = ?", (identity,)).fetchall()
            for number, data in texts:
                words = index_words(fold_text(_unpack(data)))
                self._database.execute(
                    "INSERT INTO pairs (pairs, rowid, words) VALUES ('delete', ?, ?)", (number, words)
                )
            self._database.execute("DELETE FROM texts WHERE owner = ?", (identity,))
            self._database.execute("DELETE FROM cases WHERE id = ?", (identity,))

    def _keep(self, name: str, case: CaseTexts) -> None:
        row = (name, case.stamp, case.registration_no, "\0".join(case.files))
        owner = self._database.execute(
            "INSERT INTO cases (folder, stamp, number, files) VALUES (?, ?, ?, ?)", row
        ).lastrowid
        for text in case.texts:
            data = zlib.compress(text.text.encode("utf-8", "replace"), 1)
            labels = json.dumps(text.labels, ensure_ascii=False) if text.labels else ""
            kept = (owner, text.file, text.page, int(text.is_read), data, labels)
            number = self._database.execute(
                "INSERT INTO texts (owner, file, page, is_read, text, labels) VALUES (?, ?, ?, ?, ?, ?)", kept
            ).lastrowid
            words = index_words(fold_text(text.text))
            self._database.execute("INSERT INTO pairs (rowid, words) VALUES (?, ?)", (number, words))

    def find(self, words: Sequence[str]) -> Iterator[FoundText]:
        """The texts that hold all words, in the order in which they were read.

        Args:
            words: folded, none empty.
        """
        query = " AND ".join(f"({query_of(word)})" for word in words)
        rows = self._database.execute(
            "SELECT folder, number, file, page, is_read, text, labels FROM pairs JOIN texts ON texts.id = pairs.rowid "
            "JOIN cases ON cases.id = owner WHERE pairs MATCH ? ORDER BY pairs.rowid",
            (query,),
        )
        for folder, number, file, page, is_read, data, labels in rows:
            text = _unpack(data)
            folded = fold_text(text)
            if all(word in folded for word in words):
                by_line = {int(line): label for line, label in json.loads(labels or "{}").items()}
                yield FoundText(folder, number, CaseText(file, page, text, bool(is_read), by_line))


def _create(database: sqlite3.Connection) -> None:
    database.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT;")


def _in_memory() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    _create(database)
    return database


def _unpack(data: bytes) -> str:
    return zlib.decompress(data).decode()
