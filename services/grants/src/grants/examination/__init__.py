"""Examination: what the experts say of an application (Law 86-VII, Art. 42(3))."""
