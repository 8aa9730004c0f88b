"""Quotes: what is due on a day, and what would be due at other levels of fulfilment."""
