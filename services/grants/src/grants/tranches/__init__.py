"""Tranches: parts of the money, each requested, approved by two, and paid or cancelled."""
