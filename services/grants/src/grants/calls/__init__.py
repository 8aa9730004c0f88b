"""Calls: intake windows with their budgets."""
