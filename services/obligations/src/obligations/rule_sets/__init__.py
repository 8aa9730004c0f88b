"""Rule sets: named, dated, approved sets of calculation parameters (Law 86-VII, Art. 27(4) leaves them open)."""
