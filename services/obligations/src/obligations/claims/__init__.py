"""Claims: what must come back of an agreement's money for a reporting year (Law 86-VII, Art. 27(4))."""
