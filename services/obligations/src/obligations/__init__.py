"""Counter-obligations: monitoring, recovery and base rates (Law 86-VII, Art. 27)."""
