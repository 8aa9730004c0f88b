"""Reimbursement of export costs: calls, requests, cost lines, check and estimate (Law 86-VII, Art. 38(1)(1))."""
