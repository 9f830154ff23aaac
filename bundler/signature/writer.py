"""The appending of a signature, and of nothing else."""

from __future__ import annotations

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class PlainWriter(IncrementalPdfFileWriter):
    """Leaves the document's information, metadata and version as they were when the file was made.

    The first two must stay in step in PDF/A, and PDF/A-3 knows no version after 1.7; the time of signing stands in the
    signature.
    """

    def _update_meta(self) -> None:
        """Change neither."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Keep the version."""
