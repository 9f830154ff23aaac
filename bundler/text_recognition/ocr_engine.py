"""The engine for text recognition: finds lines in a picture, tells their direction, and reads them one at a time.

One at a time it reads the same and needs less memory and time than in batches, since lines are not padded to one width.
The engine runs in one thread: other work on the machine goes on, and several pages are read by several processes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from bundler.text_recognition.model_files import DETECTION, DIRECTION, RECOGNITION, find_models

Picture: TypeAlias = Any
"""An array of numpy, an extra of the package: rows, columns and, with colours, the channels blue, green and red."""
Quad: TypeAlias = Any
"""An array of numpy: the corners of a line from its upper left one clockwise, four rows of x and y."""

DETECTION_SIDE = 1280
"""Pixels of the longer side at which lines are looked for."""
MIN_SCORE = 0.5
"""The share of certainty below which a line counts as not read."""


@dataclass(frozen=True, slots=True)
class RecognisedCharacter:
    """A character that was read: how certain the engine is of it, from 0 to 1, and its column from the left of the line."""

    text: str
    certainty: float
    column: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line that was read.

    Attributes:
        text: what was read.
        score: how certain the engine is of the line, from 0 to 1.
        characters: those of the text, without spaces; empty where nothing is known of them.
    """

    text: str
    score: float
    characters: tuple[RecognisedCharacter, ...] = ()


class Engine:
    """The engine with its models; it is loaded once in a process."""

    def __init__(self) -> None:
        """Load the models.

        Raises:
            UsageError: the engine is not installed as it should be.
        """
        models = find_models()
        # Otherwise the runtime reports each session to its maker over the network, gives the machine a number of its own, and
        # leaves files in the folders for temporary files and caches.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import cv2
        from rapidocr import RapidOCR

        cv2.setNumThreads(1)
        shared = {
            "Global.log_level": "critical",
            "Global.use_preprocess_img": False,
            "Global.text_score": 0.0,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models[DETECTION]),
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTION_SIDE,
            "Cls.model_path": str(models[DIRECTION]),
            "Rec.model_path": str(models[RECOGNITION]),
            "Rec.rec_batch_num": 1,
        }
        only = ("det", "cls", "rec")
        self._detect, self._direct, self._read = (
            RapidOCR(params={**shared, **{f"Global.use_{name}": name == one for name in only}}) for one in only
        )

    def find_lines(self, picture: Picture) -> list[Quad]:
        """The lines of a picture; lines of any direction are found."""
        import numpy as np

        found = self._detect(_with_channels(picture)).boxes
        return [] if found is None else [np.asarray(one, np.float32) for one in found]

    def count_upside_down(self, lines: Sequence[Picture]) -> float:
        """How many of these lines stand on their head, less those that do not; each counts by how certain that is."""
        total = 0.0
        for line in lines:
            label, score = self._direct(_with_channels(line)).cls_res[0]
            total += float(score) if label == "180" else -float(score)
        return total

    def read_line(self, line: Picture) -> Recognised:
        """Read a line, cut out of its page and upright."""
        found = self._read(_with_channels(line))
        if not found.txts:
            return Recognised("", 0.0)
        return recognised(str(found.txts[0]), float(found.scores[0]), found.word_results[0])


def recognised(text: str, score: float, words: Any) -> Recognised:  # noqa: ANN401 (the engine's own class)
    """A line with its characters, as far as the engine tells of each of them."""
    columns = [column for word in words.word_cols for column in word]
    each = [one for one in zip(text, words.confs, strict=False) if not one[0].isspace()]
    if not len(columns) == len(each) == len("".join(text.split())):
        return Recognised(text, score)
    characters = (RecognisedCharacter(*one, column) for one, column in zip(each, columns, strict=True))
    return Recognised(text, score, tuple(characters))


@cache
def load_engine() -> Engine:
    """The engine of this process; its models are loaded and used once, so that the first page is no slower than others."""
    import cv2
    import numpy as np

    engine = Engine()
    blank: Picture = np.full((64, 640, 3), 255, np.uint8)
    cv2.putText(blank, "2021", (20, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)
    engine.find_lines(blank)
    engine.count_upside_down([blank])
    engine.read_line(blank)
    return engine


def cut_line(picture: Picture, quad: Quad) -> Picture:
    """Cut a line out of its page, straightened."""
    import cv2
    import numpy as np

    width = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2])))
    height = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, corners)
    return cv2.warpPerspective(
        picture, matrix, (max(width, 1), max(height, 1)), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )


def stretch(line: Picture, times: float) -> Picture:
    """A line so many times as wide."""
    import cv2

    height, width = line.shape[:2]
    return cv2.resize(line, (max(round(width * times), 1), height), interpolation=cv2.INTER_CUBIC)


def _with_channels(picture: Picture) -> Picture:
    if picture.ndim == 3:  # noqa: PLR2004 (rows, columns, channels)
        return picture
    import cv2

    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
