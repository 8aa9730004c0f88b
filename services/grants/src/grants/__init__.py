"""Industrial grants: calls, applications, agreements, tranches and the funding account (Law 86-VII, Art. 42)."""
