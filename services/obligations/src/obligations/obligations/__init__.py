"""Counter-obligations: opened with the agreement, evaluated against their targets (Law 86-VII, Art. 27)."""
