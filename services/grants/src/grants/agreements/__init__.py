"""Agreements: offered, signed, amended, completed or terminated (Law 86-VII, Art. 27(1))."""
