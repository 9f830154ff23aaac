"""Writing .xlsx workbooks: strings are never formulas, sheets are ready to print on A4, charts are native."""
