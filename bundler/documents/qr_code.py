"""Draw the QR code of a paper that comes back signed.

segno tries eight masks and takes the one with the least penalty, module by module, in Python: the best part of the time.
Here whole rows are compared at once; the code is the same (`tests/documents/test_qr_code.py`).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import segno
from segno import encoder as _encoder

encoder: Any = _encoder
"""It has no types."""
_SCALE, _BORDER = 8, 4
"""Pixels of a module, and modules of the quiet zone."""
_LEAST_QR = 21
"""Modules across the smallest code that is no Micro QR code."""
_FINDER = bytes((1, 0, 1, 1, 1, 0, 1))
_RUN = re.compile(b"\x00{5,}|\x01{5,}|\x02{5,}")
_find_and_apply = encoder.find_and_apply_best_mask


def draw_qr_code(text: str) -> bytes:
    """A QR code with its quiet zone, as a PNG."""
    encoder.find_and_apply_best_mask = _find_and_apply_quickly
    return _write_png(segno.make(text, error="m", micro=False, encoding="utf-8", eci=True).matrix)


def _write_png(rows: Sequence[bytes | bytearray]) -> bytes:
    """A PNG of one bit a pixel, in which a module is eight pixels wide: a byte of a line."""
    width = len(rows) + 2 * _BORDER
    quiet = b"\xff" * _BORDER
    repeated = (b"\2" + bytes(width)) * (_SCALE - 1)  # filter 2: a line like the one above
    edge = (b"\0" + b"\xff" * width) * _BORDER * _SCALE
    lines = b"".join(b"\0" + quiet + bytes(0 if dark else 255 for dark in row) + quiet + repeated for row in rows)
    size = struct.pack(">2I5B", width * _SCALE, width * _SCALE, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(edge + lines + edge, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _find_and_apply_quickly(matrix: Any, width: int, height: int, proposed_mask: int | None = None) -> Any:  # noqa: ANN401 (segno's)
    """Return the number of the best mask and the masked modules, as segno's function does."""
    if proposed_mask is not None or width != height or width < _LEAST_QR:
        return _find_and_apply(matrix, width, height, proposed_mask)
    rows = [int.from_bytes(row, "big") for row in matrix]
    masked = [
        [(row ^ mask).to_bytes(width, "big") for row, mask in zip(rows, masks, strict=True)] for masks in _masks(width)
    ]
    best = min(range(len(masked)), key=lambda number: penalty(masked[number]))
    return best, tuple(map(bytearray, masked[best]))


@lru_cache(maxsize=8)
def _masks(width: int) -> tuple[tuple[int, ...], ...]:
    """The rows of each mask, a byte for each module, for a code of some width: none of them changes what is no data."""
    fixed = encoder.make_matrix(width, width)
    encoder.add_finder_patterns(fixed, width, width)
    encoder.add_alignment_patterns(fixed, width, width)
    fixed[-8][8] = 1
    return tuple(
        tuple(
            int.from_bytes(bytes(int(fixed[i][j] > 1 and bool(mask(i, j))) for j in range(width)), "big")
            for i in range(width)
        )
        for mask in encoder.get_data_mask_functions(is_micro=False)
    )


def penalty(rows: Sequence[bytes]) -> int:
    """The penalty of masked modules (ISO/IEC 18004, 7.8.3.1): runs, blocks, finder patterns, and the share of dark ones."""
    columns = [bytes(column) for column in zip(*rows, strict=True)]
    lines = [*rows, *columns]
    runs = sum(len(run) - 2 for line in lines for run in _RUN.findall(line))
    finders = sum(40 * _count_finders(line) for line in lines)
    dark = sum(map(sum, rows)) / len(rows) ** 2
    return runs + 3 * _count_blocks(rows) + finders + 10 * int(abs(dark * 100 - 50) / 5)


def _count_blocks(rows: Sequence[bytes]) -> int:
    """How many squares of four modules have one colour; a byte of a number is a module."""
    width = len(rows)
    numbers = [int.from_bytes(row, "big") for row in rows]
    ones = int.from_bytes(bytes([1] * (width - 1)), "big")
    count = 0
    for above, row in pairwise(numbers):
        changed = above ^ row
        differs = changed | changed >> 8 | row ^ row >> 8
        count += width - 1 - ((differs | differs >> 1) & ones).bit_count()
    return count


def _count_finders(line: bytes) -> int:
    """How many patterns like that of a finder a line has, with four light modules before or after."""
    count, place = 0, line.find(_FINDER)
    while place != -1:
        end = place + len(_FINDER)
        if place == 0 or end == len(line) or not any(line[max(place - 4, 0) : place]) or not any(line[end : end + 4]):
            count += 1
        else:
            end = place + 4
        place = line.find(_FINDER, end)
    return count
