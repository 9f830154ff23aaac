"""The attached files of a case: opened safely, inspected in a sandbox, and made fit for PDF/A."""
