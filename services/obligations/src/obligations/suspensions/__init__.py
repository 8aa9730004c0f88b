"""Suspensions: spans in which no interest runs, by an officer's decision."""
