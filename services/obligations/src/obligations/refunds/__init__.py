"""Refunds: what was overpaid on a claim goes back by decision of two."""
