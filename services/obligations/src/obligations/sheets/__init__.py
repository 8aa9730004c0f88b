"""Calculation sheets: the same figures as JSON, CSV and a printable page, so that anybody can redo them by hand."""
