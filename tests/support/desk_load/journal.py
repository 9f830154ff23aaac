"""Records of a load test: response times, accepted changes, and errors."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the desk: the kind of request, and the seconds until the response was complete."""

    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Write:
    """An accepted change of a value: the value that the clerk had seen and the new one, as JSON text; empty for none."""

    key: str
    path: str
    before: str
    after: str
    actor: str


@dataclass(frozen=True, slots=True)
class Row:
    """An accepted new row: its list, and a text that identifies it."""

    key: str
    path: str
    text: str
    actor: str


@dataclass(frozen=True, slots=True)
class Upload:
    """An accepted file: its digest, and the item (材料) to which it was added."""

    key: str
    sha256: str
    item: str
    actor: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that the desk showed as built."""

    key: str
    sha256: str
    actor: str


@dataclass
class Journal:
    """The records of all clerks.

    Attributes:
        answers: every response.
        writes, rows, uploads, bundles: accepted changes.
        conflicts: the number of changes refused because another clerk had changed the same value.
        refusals: messages that something has changed since the clerk saw it, which are no errors.
        events: the number of received server-sent events.
        problems: errors, one sentence each.
        lags: samples of the scheduling delay of this process, in seconds.
    """

    answers: list[Answer] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)
    conflicts: int = 0
    refusals: list[str] = field(default_factory=list)
    events: int = 0
    problems: list[str] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
