"""Excuses: a cause beyond the recipient's control, asked for with evidence and decided by an officer."""
