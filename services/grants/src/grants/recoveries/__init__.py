"""Recoveries: money that came back on a claim, and refunds, entered in the funding account."""
