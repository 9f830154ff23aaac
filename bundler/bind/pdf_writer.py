"""Write a PDF front to back: each object leaves memory as soon as it is in the file."""

from __future__ import annotations

from array import array

from bundler.bind.digest_seal import sealed_ending
from bundler.bind.read_ahead_and_write_behind import BackgroundWriter

TOOL_MARK = b"petition-bundler"
"""Written at the head of each file: where a file was truncated, the manifest at its end is gone and only this is left."""
_HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe " + TOOL_MARK + b"\n"
"""Four bytes above 127 show programs that transfer the file that it is binary."""
_ROWS = 4096


class PdfWriter:
    """Writes objects, and keeps the offset of each: eight bytes of memory per object."""

    def __init__(self, file: BackgroundWriter) -> None:
        self._file = file
        self._append = file.write
        self._offsets = array("Q", [0])
        self._append(_HEADER)

    def reserve(self) -> int:
        """Return the number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> None:
        """Write an object whose number was reserved."""
        self._offsets[number] = self._file.size
        self._append(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def write_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """Write a stream.

        Args:
            number: as reserved.
            entries: its dictionary without the length, as bytes of a PDF.
            data: its bytes as they are written, after all filters.
        """
        self._offsets[number] = self._file.size
        self._append(
            b"%d 0 obj\n%b /Length %d >>\nstream\n" % (number, entries.removesuffix(b">>").rstrip(), len(data))
        )
        self._append(data)
        self._append(b"\nendstream\nendobj\n")

    def close(self, root: int, info: int | None, identifier: bytes) -> str:
        """Write the cross-reference table and the trailer with the seal.

        Args:
            root: the number of the catalogue.
            info: the number of the information dictionary, where there is one.
            identifier: the first of the file's two identifiers, 32 bytes.

        Returns:
            The SHA-256 of the whole file.
        """
        start = self._file.size
        self._append(b"xref\n0 %d\n" % len(self._offsets))
        self._write_xref_rows()
        info_entry = b"/Info %d 0 R " % info if info is not None else b""
        ids = b"/ID [<" + identifier.hex().encode() + b"><"
        self._append(b"trailer << %b/Root %d 0 R /Size %d %b" % (info_entry, root, len(self._offsets), ids))
        self._append(sealed_ending(self._file.digest(), b">] >>\nstartxref\n%d\n%%%%EOF\n" % start))
        return self._file.digest().hexdigest()

    def _write_xref_rows(self) -> None:
        """Write twenty bytes per object; a number that was never written is marked as free."""
        for first in range(0, len(self._offsets), _ROWS):
            rows = self._offsets[first : first + _ROWS]
            self._append(b"".join(b"%010d 00000 n \n" % at if at else b"0000000000 65535 f \n" for at in rows))
