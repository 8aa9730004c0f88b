"""Calls: intake windows with their budgets and the parameters that are frozen for them."""
