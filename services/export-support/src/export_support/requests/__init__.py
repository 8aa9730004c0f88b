"""Requests for reimbursement: drafted line by line, checked, estimated, signed."""
