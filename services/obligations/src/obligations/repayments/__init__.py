"""Repayments: money that came back on a claim."""
