"""What the clerks were told: how long each answer took, what was taken, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the desk: what was asked for, and the seconds until all of it had arrived."""

    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Write:
    """A value that was taken: what the clerk had seen, and what she wrote, both as JSON text; empty for nothing."""

    key: str
    path: str
    before: str
    after: str
    actor: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was added: its list, and the words by which it is known."""

    key: str
    path: str
    words: str
    actor: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken in: its digest, and the place on which it was put."""

    key: str
    sha256: str
    item: str
    actor: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was shown as made."""

    key: str
    sha256: str
    actor: str


@dataclass
class Journal:
    """All of it.

    Attributes:
        answers: every answer.
        writes, rows, uploads, bundles: what was taken.
        offered: changes that were not made and offered to be settled, since somebody else had written.
        told: how often a clerk was told that something is not as she had seen it any more, by the sentence.
        news: events that arrived, by their stream.
        faults: what must not happen, in a sentence each.
        lags: how late this process itself was, in seconds, sampled.
    """

    answers: list[Answer] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)
    offered: int = 0
    told: list[str] = field(default_factory=list)
    news: int = 0
    faults: list[str] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
