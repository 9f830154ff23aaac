"""A PDF written front to back: each object leaves memory as soon as it is in the file."""

from __future__ import annotations

from array import array

from bundler.bind.background_io import BackgroundWriter
from bundler.bind.seal import sealed_ending

TOOL_MARK = b"petition-bundler"
"""Stands at the head of each file: the manifest stands at its end, and of a file that was cut short only the head is left."""
_HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe " + TOOL_MARK + b"\n"
"""Four bytes above 127 tell any program that moves the file that it is no text."""
_ROWS = 4096


class PdfWriter:
    """The file as it grows, and where each of its objects begins: eight bytes of memory for each of them."""

    def __init__(self, file: BackgroundWriter) -> None:
        self._file = file
        self._put = file.put
        self._offsets = array("Q", [0])
        self._put(_HEADER)

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> None:
        """Write an object whose number was reserved."""
        self._offsets[number] = self._file.size
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def write_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """Write a stream.

        Args:
            number: as reserved.
            entries: its dictionary, without the length.
            data: its bytes as they are to stand in the file.
        """
        self._offsets[number] = self._file.size
        self._put(b"%d 0 obj\n%b /Length %d >>\nstream\n" % (number, entries.removesuffix(b">>").rstrip(), len(data)))
        self._put(data)
        self._put(b"\nendstream\nendobj\n")

    def close(self, root: int, info: int | None, identifier: bytes) -> str:
        """Write what stands at the end, with the seal in it.

        Args:
            root: the number of the catalogue.
            info: that of the information dictionary, where there is one.
            identifier: the first of the file's two identifiers, 32 bytes.

        Returns:
            the SHA-256 of the whole file.
        """
        start = self._file.size
        self._put(b"xref\n0 %d\n" % len(self._offsets))
        self._put_rows()
        said = b"/Info %d 0 R " % info if info is not None else b""
        ids = b"/ID [<" + identifier.hex().encode() + b"><"
        self._put(b"trailer << %b/Root %d 0 R /Size %d %b" % (said, root, len(self._offsets), ids))
        self._put(sealed_ending(self._file.digest(), b">] >>\nstartxref\n%d\n%%%%EOF\n" % start))
        return self._file.digest().hexdigest()

    def _put_rows(self) -> None:
        """Each row is twenty bytes; a number that was never written is marked as free."""
        for first in range(0, len(self._offsets), _ROWS):
            rows = self._offsets[first : first + _ROWS]
            self._put(b"".join(b"%010d 00000 n \n" % at if at else b"0000000000 65535 f \n" for at in rows))
