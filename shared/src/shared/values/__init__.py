"""Values of the business as field types: money, shares, identifiers, text, days; each refuses with found and wanted."""
