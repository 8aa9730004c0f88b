"""Cost lines in spreadsheets: templates, import of XLSX and CSV, whole or not at all, and export of the same."""
