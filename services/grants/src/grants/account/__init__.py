"""The funding account of a measure: a ledger by double entry (Law 86-VII, Art. 42(5))."""
