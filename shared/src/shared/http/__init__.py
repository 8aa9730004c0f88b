"""The HTTP edge: problems, languages, strict bodies, transactions, idempotency, versions and pages."""
